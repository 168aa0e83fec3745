"""What follows when a member's email changes: what she agreed to by email waits until the new mailbox confirms it.

A consent counts for the address that was confirmed. So each agreement by email is ended and said again, with what
proves it, as one that waits; the token that went to the old mailbox confirms nothing any more. What was withdrawn stays
withdrawn.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from regulars.db.pool import Transaction
from regulars.flows import confirm_consent
from regulars.members import consents, directory
from regulars.members.consents import Said
from regulars.members.model import Consent, Person, Shown
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.programs.model import Program

SOURCE = "email_changed"
"""The source of the word that ends an agreement because of its address, not because she said so."""


async def confirm_again(
    tx: Transaction,
    program: Program,
    vault: Vault,
    before: Person,
    after: Profile,
    at: datetime,
    by: str,
    *,
    proved: bool = False,
) -> None:
    """End and ask anew what the member agreed to by email, where hers is another one now; she is locked.

    A message goes to the new email. `proved`: a code that was sent there came back in this very act, which confirms it.
    Without an email nothing is sent: it waits for the next one. A program without `double_opt_in` asks for nothing
    again but what was to be confirmed.
    """
    email = after.person.email
    if email == before.email:
        return
    index = vault.digest("email", email) if email is not None else None
    if index is not None and before.email is not None and index == vault.digest("email", before.email):
        return  # other capitals: the same mailbox
    said = consents.latest(await consents.history(tx, program.id, after.id))
    agreed = [
        one
        for one, state in said
        if one.channel == "email"
        and state != "withdrawn"
        and (one.to_confirm or program.settings.double_opt_in)
    ]
    if not agreed:
        return
    anew = [_again(one, by) for one in agreed]
    ended = [Consent("email", one.purpose, False, SOURCE, recorded_by=by) for one in agreed]
    records = (await directory.record_consents(tx, program.id, after.id, [*ended, *anew], at))[len(ended) :]
    if proved:
        for record in records:
            await consents.confirm(tx, program.id, after.id, record, at, index)
        return
    await confirm_consent.ask(tx, program, vault, after, list(zip(records, anew, strict=True)), at)


def _again(said: Said, by: str) -> Consent:
    """The same agreement, from when it was said, as one that waits for its confirmation."""
    consent = Consent("email", said.purpose, True, said.source, recorded_by=by, evidence=said.evidence)
    if said.wording and said.wording_version and said.wording_language and said.wording_hash:
        shown = Shown(said.wording, said.wording_version, said.wording_language, said.wording_hash)
        consent = replace(consent, shown=shown)
    return replace(consent, given_at=said.given_at or said.recorded_at, to_confirm=True)
