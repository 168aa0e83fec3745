"""Changes what is known of a member: the fields that are given, the others stay; null takes one away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict, Unprocessable, found_by, refuse_together
from regulars.flows.confirm_again import confirm_again
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.enrol import codes_of, exists
from regulars.flows.welcoming import require_answers, welcome_later
from regulars.members import description, directory, identity, reading, views
from regulars.members.arrivals import WELCOMED_BY
from regulars.members.description import Attributes, Contact, Language, Text
from regulars.members.model import Person
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.members.views import MemberView
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program

CODES_BY = {"phone": "sms", "email": "email"}
"""How a code gets to what identifies a member."""


class MemberChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/members/{id}`: what is left out stays, null takes it away."""

    phone: Contact | UnsetType | None = UNSET
    email: Contact | UnsetType | None = UNSET
    external_id: Contact | UnsetType | None = UNSET
    name: Text | UnsetType | None = UNSET
    birthday: date | UnsetType | None = UNSET
    language: Language | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    """Only the named ones change."""


async def change_member(
    database: Database,
    program: Program,
    vault: Vault,
    caller: Caller,
    member: UUID,
    change: MemberChange,
    *,
    at: datetime,
    proved: bool = False,
) -> MemberView:
    """The member as changed. Raises Unprocessable, NotFound, MemberExists; StateConflict after an erasure.

    A new email has to confirm what she agreed to by email (the edge has the message sent), unless a code just `proved`
    what is given. That confirms, too, what waits for a code there.
    """
    found: list[Unprocessable] = []
    sent = found_by(_person, program, change, at, among=found) or {}
    language = None
    if change.language is not UNSET:
        language = found_by(description.language, change.language, program.languages, among=found)
    refuse_together(found)

    async def work(tx: Transaction) -> MemberView:
        profile = await reading.profile(tx, program.id, vault, member, lock=True)
        if profile is None:
            raise NotFound("There is no such member.")
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        changes = {} if change.attributes is UNSET else change.attributes
        attributes = description.changed(profile.person.attributes, changes)
        person = replace(profile.person, **sent, attributes=attributes)
        if changes:
            await require_answers(tx, program, changes, None, changed=True)
        wanted = [
            (profile.id, *pair) for pair in person.identifiers if pair not in profile.person.identifiers
        ]
        taken = await directory.claim_identifiers(tx, program.id, vault, wanted)
        if taken:
            raise exists(caller, taken[profile.id])
        kept = {vault.digest(*pair) for pair in person.identifiers}
        dropped = [pair for pair in profile.person.identifiers if vault.digest(*pair) not in kept]
        await directory.release_identifiers(tx, program.id, vault, profile.id, dropped)
        changed = replace(
            profile,
            person=person,
            language=language or profile.language,
        )
        await directory.change(tx, program.id, vault, changed, person, at=at)
        actor = caller.by
        await confirm_again(tx, program, vault, profile.person, changed, at, actor, proved=proved)
        for kind, value in person.identifiers if proved else ():
            if kind in sent and kind in CODES_BY:
                digest = vault.digest(kind, value)
                await confirm_contact(tx, program.id, profile.id, CODES_BY[kind], digest, at)
        if {kind for _, kind, _ in wanted} & set(WELCOMED_BY):
            await welcome_later(tx, program, vault, changed, profile.person, person, at, actor)
        if fields := _changed_fields(profile, changed):
            done = Change("member.changed", ids.show("mem", profile.id), after={"fields": fields})
            await trail.record(tx, program.id, done, at)
        cards = await reading.cards_of(tx, program.id, profile.id)
        return views.member_view(changed, cards, codes_of(program))

    return await database.run(program.id, work)


def _changed_fields(before: Profile, after: Profile) -> list[str]:
    """The names of what is different: what stands in them is hers."""
    was, became = msgspec.structs.asdict(before.person), msgspec.structs.asdict(after.person)
    old, new = was.pop("attributes"), became.pop("attributes")
    fields = [name for name in became if was[name] != became[name]]
    fields += [f"attributes.{name}" for name in {**old, **new} if old.get(name) != new.get(name)]
    return [*fields, *(["language"] if before.language != after.language else [])]


def _person(program: Program, change: MemberChange, at: datetime) -> dict[str, Any]:
    """The fields of Person that were sent, in their normal form."""
    fields = ("name", "phone", "email", "external_id", "birthday")
    sent = {field: getattr(change, field) for field in fields if getattr(change, field) is not UNSET}
    person: Person = description.person(
        **{field: sent.get(field) for field in fields},
        region=identity.region(program.time_zone, program.languages),
        today=at.astimezone(clock.zone(program.time_zone)).date(),
    )
    return {field: getattr(person, field) for field in sent}
