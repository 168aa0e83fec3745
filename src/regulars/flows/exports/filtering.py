"""What of a kind is wanted in an export."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from regulars.members.model import Channel

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]


class ExportFilter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which rows. What a kind does not know is refused."""

    channel: Channel | None = None
    """With `purpose`: only members who agree to be spoken to on that channel for that purpose."""
    purpose: Code | None = None
    from_: Annotated[datetime, Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    """Purchases made, goods returned, rewards claimed, postings, consents and tiers recorded, from this instant on."""
    to: Annotated[datetime, Meta(tz=True)] | None = None
    """And before this one."""
    stores: Annotated[tuple[Code, ...], Meta(max_length=500)] = ()
    """Codes of the stores where purchases were made, or goods returned; all where none is named."""

    def named(self) -> set[str]:
        """What is asked for."""
        names = {
            "channel": self.channel,
            "purpose": self.purpose,
            "from": self.from_,
            "to": self.to,
            "stores": self.stores,
        }
        return {name for name, value in names.items() if value}
