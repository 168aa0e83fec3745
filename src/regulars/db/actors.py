"""Who makes a change: what a transaction carries for the audit trail, so that no flow has to hand it on."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Actor(Struct, frozen=True, omit_defaults=True):
    """A person, a key, a command or a job that changes something. Holds no member's personal data."""

    kind: Literal["staff", "key", "command", "job", "member"]
    id: str = ""
    """`stf_…`, `key_…`, `mem_…`, a command or a job, as people see it."""
    name: str = ""
    """As it was called then."""
    address: str = ""
    """From where: the network address."""
    agent: str = ""
    """With what: the kind of browser or program."""
    by: str = ""
    """What was called: a method and a path's pattern, or a command."""
    why: str = ""
    """Why, as it was said with the call or in the form: it stands with every change that has no reason of its own."""
