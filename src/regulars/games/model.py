"""What the games have in common. Pure."""

from __future__ import annotations

from regulars.prizes import GameCode, Prize

__all__ = ["GameCode", "Prize"]
