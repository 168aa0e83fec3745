"""The call for a member's statement on paper."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from regulars import i18n, ids
from regulars.flows.program_logo import logo_of
from regulars.flows.read_paper_statement import read_paper_statement
from regulars.members.description import Language
from regulars.web.endpoints import Call, Endpoints, Reply, attachment
from regulars.web.paper import pdf, statement

calls = Endpoints("members")


class PaperAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of a statement: recorded at `from` or later and before `to`, each a day or an instant."""

    since: Annotated[str, Meta(max_length=40)] | None = field(name="from", default=None)
    until: Annotated[str, Meta(max_length=40)] | None = field(name="to", default=None)
    language: Language | None = None
    """One of ours; else that of `Accept-Language`, the member or the program."""


@calls(
    "GET",
    "/v1/members/{id}/statement.pdf",
    scopes="issuer manage",
    query=PaperAsked,
    answer=None,
    media_type="application/pdf",
)
async def paper(call: Call[Any, PaperAsked]) -> Reply:
    """A member's statement to print or send: what there is, what expires first, and what happened, newest first.

    At most the latest 2,000 movements; the paper says when it leaves some out. `503 not_installed` where the extra
    `paper` is not installed.
    """
    known = await call.known()
    member, asked = ids.read("mem", call.path["id"]), call.query
    found = await read_paper_statement(
        call.database, known.program, known.vault, member, asked.since, asked.until, await call.now()
    )
    wish = None if call.language else found.language
    spoken = i18n.pick(known.program.languages, asked.language, wish, accept=call.language)
    logo = await logo_of(call.database, known.program)
    data = statement.data_of(known.program, found, spoken, logo)
    return attachment("statement.pdf", await pdf.render_later(statement.TEMPLATE, data), "application/pdf")
