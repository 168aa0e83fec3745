"""Exports of how a program is set up: its partners, currencies and settings."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.flows.change_program import program_view
from regulars.flows.exports.pages import Asked, Export, Rows, fixed
from regulars.flows.register_currency import list_currencies
from regulars.i18n import N_
from regulars.interchange.writing import Column


async def _partners(asked: Asked, after: Any) -> tuple[Rows, Any]:
    partners = asked.known.program.partners.values()
    return [(one.code, one.name) for one in sorted(partners, key=lambda one: one.code)], None


async def _currencies(asked: Asked, after: Any) -> tuple[Rows, Any]:
    rows: Rows = [
        (
            one.code, one.kind, one.scale, one.worth, _json(one.names), one.active_after_days, one.expires_after_days,
            one.expires_after_months,
        )
        for one in await list_currencies(asked.database, asked.program)
    ]  # fmt: skip
    return rows, None


async def _settings(asked: Asked, after: Any) -> tuple[Rows, Any]:
    """What `GET /v1/program` answers: what names the program, then every setting, also those that nobody changed."""
    view = program_view(asked.known.program)
    named: dict[str, Any] = msgspec.to_builtins(view)
    settings: dict[str, Any] = {
        field.encode_name: msgspec.to_builtins(getattr(view.settings, field.name))
        for field in msgspec.structs.fields(view.settings)
    }
    rows: Rows = [("program", name, _json(value)) for name, value in named.items() if name != "settings"]
    rows += [("setting", name, _json(settings[name])) for name in sorted(settings)]
    return rows, None


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


REGISTERS = (
    Export("partners", N_("Partners"), fixed(Column("code"), Column("name")), _partners),
    Export(
        "currencies",
        N_("Currencies"),
        fixed(
            Column("code"), Column("kind"), Column("scale", "number"), Column("worth"), Column("names"),
            Column("active_after_days", "number"), Column("expires_after_days", "number"),
            Column("expires_after_months", "number"),
        ),
        _currencies,
    ),
    Export(
        "settings",
        N_("Settings"),
        fixed(Column("of"), Column("name"), Column("value")),
        _settings,
        needs="setup.read",
    ),
)  # fmt: skip
