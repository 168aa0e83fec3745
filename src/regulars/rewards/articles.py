"""What an article is called by which tills sell a pack or a membership."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from regulars.i18n import N_

Article = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
"""A line of a receipt with it pays for one piece."""
TAKEN = N_("The article {article} is a gift card, a pack or a membership already.")
