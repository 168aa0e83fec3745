"""Sends a receipt to its member by email once more: what was bought, what it gave, in her language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from regulars import clock, i18n, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import ChannelUnavailable, StateConflict
from regulars.flows import member_tiers
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.member_receipt import STATUSES, MemberReceipt, read_receipt
from regulars.flows.messages import queue_message
from regulars.flows.open_purchase import Opened, open_purchase
from regulars.i18n import Language
from regulars.members import reading
from regulars.members.reading import Profile
from regulars.messages.model import Message
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

WIDTH = 42
"""Letters of a line: a message is read on a phone."""


async def resend_receipt(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    request: Request,
    purchase: UUID,
    *,
    channels: frozenset[str],
) -> Answer:
    """202: queued, the edge has it sent. Raises NotFound, ChannelUnavailable, StateConflict without an email."""
    if "email" not in channels:
        raise ChannelUnavailable("Nothing can be sent by email here.")

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        opened = await open_purchase(tx, programs, program, purchase, lock=False)
        member = opened.customer.member if opened.customer else None
        known = opened.known
        profile = await reading.profile(tx, program, known.vault, member) if member is not None else None
        if profile is None or profile.person.email is None:
            raise StateConflict("There is no email to send this receipt to.")
        language = i18n.language(profile.language)
        receipt = await read_receipt(tx, opened, profile.language, request.at)
        title, text = wording(receipt, known.program, language, await _tiers(tx, opened, profile, request.at))
        message = Message("email", profile.person.email, text, title)
        await queue_message(
            tx, program, known.vault.keyring.secret, message, purpose="receipt", at=request.at,
            home=ids.home(profile.id),
        )  # fmt: skip
        sent = {"purchase": ids.show("pur", purchase)}
        answer = await requests.keep(tx, request, 202, msgspec.json.encode(sent))
        await trail.record(tx, program, Change("purchase.receipt_sent", sent["purchase"]), request.at)
        return answer

    return await database.run(program, work)


async def _tiers(tx: Transaction, opened: Opened, profile: Profile, at: datetime) -> tuple[str, ...]:
    """How far she is on the ladders of tiers now, a line each."""
    known, customer = opened.known, opened.customer
    if customer is None:
        return ()
    member = await reading.member(tx, known.program.id, profile.id)
    if member is None:
        return ()
    words = known.words[i18n.language(profile.language).code]
    return member_tiers.hints(words, known.program, await member_tiers.standings(tx, known, member, at), at)


def wording(
    receipt: MemberReceipt, program: Program, language: Language, tiers: Sequence[str] = ()
) -> tuple[str, str]:
    """The title and the text of the message; `tiers`: what is said of her tiers."""
    money = receipt.answer.currency
    zone = clock.zone(receipt.time_zone)
    _ = language.gettext
    header, footer = program.receipt_lines(language.code)
    lines = [
        *header,
        *([""] if header else []),
        f"{receipt.store}, {language.moment(receipt.purchased_at, zone)}",
        "",
    ]
    if receipt.status in STATUSES:
        lines += [_("This receipt is {status}.").format(status=_(STATUSES[receipt.status])), ""]
    for line in receipt.lines:
        count = f" × {language.quantity(line.quantity)}" if line.quantity != 1000 else ""
        lines.append(_row(f"{line.name}{count}", language.money(line.net, money)))
        if line.discount:
            lines.append(f"  {language.joined(line.because)}: {language.money(-line.discount, money)}")
    lines += [""]
    for one in receipt.sums:
        lines.append(_row(f"{_(one.name)} {one.gift_card}".rstrip(), language.money(one.amount, money)))
    lines += [_row(_("Paid"), language.money(receipt.answer.payable, money))]
    for one in receipt.earned:
        spec = program.currencies[one.currency]
        lines.append(
            _row(_("Collected"), language.points(one.amount, spec.names, scale=spec.scale, signed=True))
        )
    for spent in receipt.spent:
        spec = program.currencies[spent.currency]
        lines.append(
            _row(_("Spent"), language.points(-spent.amount, spec.names, scale=spec.scale, signed=True))
        )
    if tiers:
        lines += ["", *tiers]
    number = receipt.receipt_number
    if number:
        lines += ["", _("Receipt number: %s") % number]
    if footer:
        lines += ["", *footer]
    title = _("{program}: your receipt of {day}").format(
        program=program.name, day=language.date(receipt.purchased_at, zone)
    )
    return title, "\n".join(lines)


def _row(name: str, amount: str) -> str:
    return f"{name} {'.' * max(2, WIDTH - len(name) - len(amount))} {amount}"
