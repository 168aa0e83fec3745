"""What a till has to know of what is paid ahead: the articles of packs and memberships, and what visits are called."""

from __future__ import annotations

from typing import Any

from regulars import i18n
from regulars.db.pool import Database
from regulars.flows.membership_plans import list_plans
from regulars.flows.packs import packs_on_sale
from regulars.programs.model import Program


async def config(database: Database, program: Program, language: i18n.Language) -> dict[str, Any]:
    """For the page's configuration: `packs` and `plans` by article, `visits` by currency."""
    visits = {code: spec for code, spec in program.currencies.items() if spec.kind == "visits"}
    kinds = await packs_on_sale(database, program.id) if visits else ()
    plans = (await list_plans(database, program.id)).items
    return {
        "plans": {
            one.document.sku: {
                "code": one.code,
                "name": _said(one.document.names, program, language),
                "stopped": one.document.stopped,
            }
            for one in plans
            if one.document.sku is not None
        },
        "packs": {
            one.document.sku: {
                "code": one.code,
                "name": _said(one.document.names, program, language),
                "currency": one.document.currency,
                "visits": one.document.visits,
            }
            for one in kinds
            if one.document.sku is not None
        },
        "visits": {
            code: {"scale": 0, "names": spec.names.get(language.code) or spec.names.get(i18n.SOURCE, {})}
            for code, spec in visits.items()
        },
    }


def _said(names: dict[str, str], program: Program, language: i18n.Language) -> str:
    return names.get(language.code) or names[program.languages[0]]
