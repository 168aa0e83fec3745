"""Decides how long points live on that are freed after their date: the same for every flow that opens a page."""

from __future__ import annotations

from regulars.programs.model import ProgramSettings


def held_grace_days(settings: ProgramSettings) -> int:
    """Days; 0 where the program lets such points expire at once."""
    return settings.grace_days if settings.expired_points_on_return == "restore" else 0
