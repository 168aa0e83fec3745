"""The pages of retention: whom the rules would erase, decided one by one, and the certificates of erasures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.desk.names_of import names_of
from regulars.flows.erase_member import Certificate, ErasureView, read_erasure
from regulars.flows.erasure_certificates import check, list_erasures
from regulars.flows.retention import (
    EVERYWHERE,
    accept_by_staff,
    decline_by_staff,
    list_proposals,
    waiting_for_a_second_person,
)
from regulars.i18n import Language

pages = Pages()
AT_ONCE = 25
CERTIFICATES_AT_ONCE = 50
PROPOSALS = "/review/erasures"
CERTIFICATE_BYTES_MAX = 256 * 1024


@pages.get("/review/erasures", needs="members.erase")
async def proposals(visit: Visit) -> Response[Any]:
    """Who was not seen for as long as the rule of her country says, and these rules."""
    cursor = visit.query.get("cursor")
    after = ids.read("erp", cursor, "?cursor") if cursor else None
    page = await list_proposals(visit.database, visit.program.id, after, AT_ONCE)
    members = [one.member for one in page.items]
    rules = visit.program.settings.retention
    return visit.page(
        "erasures",
        items=page.items,
        next=page.next,
        first=cursor is None,
        names=await names_of(visit.database, visit.known, members),
        waiting=await waiting_for_a_second_person(
            visit.database, visit.program.id, members, await visit.now()
        ),
        rules=sorted(rules.items(), key=lambda rule: (rule[0] == EVERYWHERE, rule[0])),
        country=lambda code: country(visit.language, code),
        four_eyes=visit.program.settings.four_eyes_erasure,
    )


@pages.post("/review/erasures/{id}/accept", needs="members.erase", again=proposals)
async def accept(visit: Visit) -> Response[Any]:
    """Erase a proposed member, or ask a colleague to agree to it."""
    why, member = desk.reason(visit), desk.read_id(visit, "erp")
    by = ids.show("stf", visit.staff.id)
    answer = await accept_by_staff(visit.database, visit.known, await visit.once(), member, by, why)
    text = visit.language.gettext
    if answer.status == 202:
        waits = text("A colleague has to agree first: it waits under Review.")
        return visit.to(PROPOSALS, done=waits, tone="warning")
    return visit.to(PROPOSALS, done=text("The member is erased: nobody can undo that."))


@pages.post("/review/erasures/{id}/decline", needs="members.erase", again=proposals)
async def decline(visit: Visit) -> Response[Any]:
    """Keep a proposed member, and say why."""
    why, member = desk.reason(visit), desk.read_id(visit, "erp")
    by = ids.show("stf", visit.staff.id)
    await decline_by_staff(visit.database, visit.program, await visit.once(), member, by, why)
    return visit.to(
        PROPOSALS, done=visit.language.gettext("The member is kept, and not proposed for a year.")
    )


@pages.get("/review/certificates", needs="members.read")
async def certificates(visit: Visit) -> Response[Any]:
    """Who was erased and when, the latest first; and whether a certificate that somebody shows is genuine."""
    cursor = visit.query.get("cursor")
    page = await list_erasures(visit.database, visit.program.id, cursor, CERTIFICATES_AT_ONCE)
    return visit.page(
        "erasure_certificates", items=page.items, next=page.next, first=cursor is None, checked=None
    )


@pages.post(
    "/review/certificates/check", needs="members.read", again=certificates, bytes_max=CERTIFICATE_BYTES_MAX
)
async def check_one(visit: Visit) -> Response[Any]:
    """Say of a certificate's file whether this program signed it, and nobody changed it."""
    file = visit.upload("file")
    if file is None or not file.filename:
        raise InvalidValue("/file", "choose a file")
    checked = check(visit.known.vault, await file.read(CERTIFICATE_BYTES_MAX))
    page = await list_erasures(visit.database, visit.program.id, None, CERTIFICATES_AT_ONCE)
    return visit.page(
        "erasure_certificates", items=page.items, next=page.next, first=True, checked=checked,
        **await _told(visit, checked.certificate),
    )  # fmt: skip


@pages.get("/review/certificates/{id}", needs="members.read")
async def certificate(visit: Visit) -> Response[Any]:
    """The certificate of one erasure: who asked, what was removed, that the books balance, and its signature."""
    found = await _read(visit)
    genuine = check(visit.known.vault, msgspec.json.encode(found)).genuine
    told = await _told(visit, found.certificate)
    return visit.page("erasure_certificate", found=found, genuine=genuine, id=visit.path["id"], **told)


@pages.get("/review/certificates/{id}/certificate.json", needs="members.read")
async def certificate_file(visit: Visit) -> Response[Any]:
    """The certificate with its signature, to be handed over and checked by anybody."""
    body = msgspec.json.encode(await _read(visit))
    return visit.file(f"erasure-{visit.path['id']}.json", body, "application/json")


def country(language: Language, code: str) -> str:
    """A country's name; of one that the language has no name for its code."""
    if code == EVERYWHERE:
        return language.gettext("Every other country")
    return language.locale.territories.get(code, code)


async def _read(visit: Visit) -> ErasureView:
    return await read_erasure(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))


async def _told(visit: Visit, certificate: Certificate) -> dict[str, Any]:
    """What a page says of a certificate beside what stands in it."""
    asked = certificate.asked_by
    author = f"staff {asked}" if asked.startswith("stf_") else asked
    who = await desk.naming(visit, [author])
    at: datetime = certificate.erased_at
    return {
        "asked_by": visit.language.gettext("The member") if asked == "member" else who(author),
        "erased_at": at,
        "removed": sum(certificate.removed.values()),
        "left": sum(certificate.left.values()),
    }
