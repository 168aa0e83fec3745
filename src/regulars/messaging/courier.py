"""Sends events to subscribers after the Standard Webhooks scheme: at least once, in order per member, signed.

Nothing is sent while a transaction is open: lanes are taken, the events sent, and what became of each is noted. A
courier that dies in between leaves its lanes to the next one, which sends with the same id.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import structlog
from standardwebhooks import Webhook

from regulars import __version__, clock, ids
from regulars.db.pool import Database
from regulars.flows.webhook_deliveries import body_of, listening, note_attempt, take_parcels
from regulars.messaging import outgoing
from regulars.programs.deliveries import Attempt, Parcel
from regulars.programs.webhooks import Subscription, secrets_of

log = structlog.get_logger("regulars.webhooks")
AT_ONCE = 16
"""Events that are sent to one subscriber at the same time, of different members."""
RETRY_AFTER_MAX = timedelta(days=1)
"""The longest that a subscriber can ask to be left alone."""
VISIT_SECONDS_MAX = 20.0
"""How long one program is served before the next one has its turn."""


class Courier:
    """Delivers what is due. Any number of them may be at work, in any number of processes."""

    def __init__(self, database: Database, secret: bytes, *, allow_local: bool = False):
        """`allow_local`: subscribers on this machine and without TLS, for development."""
        self._database = database
        self._secret = secret
        self._allow_local = allow_local
        self._resting: dict[UUID, datetime] = {}
        """Subscriptions that asked to be left alone, and until when; another process learns it by itself."""

    async def deliver(self, program: UUID) -> int:
        """Send what is due to every enabled subscriber of a program; how many events were accepted."""
        ends = time.monotonic() + VISIT_SECONDS_MAX
        serving = [
            self._serve(program, subscription, ends)
            for subscription in await listening(self._database, program)
            if subscription.enabled
        ]
        return sum(await asyncio.gather(*serving))

    async def _serve(self, program: UUID, subscription: Subscription, ends: float) -> int:
        accepted = 0
        while time.monotonic() < ends and not self._rests(subscription.id):
            parcels = await take_parcels(self._database, program, subscription.id, clock.world(), AT_ONCE)
            if not parcels:
                break
            sent = await asyncio.gather(*[self._hand_over(program, subscription, one) for one in parcels])
            accepted += sum(sent)
            if not any(sent):  # it is ill: it is not asked again and again for every member
                break
        return accepted

    def _rests(self, subscription: UUID) -> bool:
        until = self._resting.get(subscription)
        if until is not None and until <= clock.world():
            del self._resting[subscription]
            return False
        return until is not None

    async def _hand_over(self, program: UUID, subscription: Subscription, parcel: Parcel) -> bool:
        attempt = await self._sent(program, subscription, parcel)
        why = await note_attempt(self._database, program, parcel, attempt)
        if attempt.not_before is not None:
            self._resting[subscription.id] = attempt.not_before
        if attempt.failure:
            log.warning(
                "webhook_failed", program=str(program), webhook=str(subscription.id), delivery=str(parcel.delivery),
                attempt=parcel.attempts + 1, reason=attempt.failure,
            )  # fmt: skip
        if why is not None:
            log.error("webhook_disabled", program=str(program), webhook=str(subscription.id), reason=why)
        return not attempt.failure

    async def _sent(self, program: UUID, subscription: Subscription, parcel: Parcel) -> Attempt:
        body = body_of(program, parcel)
        at, began = clock.world(), time.monotonic()
        headers = signed(secrets_of(self._secret, program, subscription, at), parcel.event, body, at)
        try:
            reply = await outgoing.post(subscription.address, body, headers, allow_local=self._allow_local)
        except outgoing.NotSent as refusal:
            return Attempt(at, _since(began), failure=str(refusal))
        text = reply.body.decode("utf-8", "replace").replace("\0", "�")
        if 200 <= reply.status < 300:
            return Attempt(at, _since(began), reply.status, text)
        not_before = asked_for(reply.retry_after, clock.world())
        return Attempt(at, _since(began), reply.status, text, f"HTTP {reply.status}", not_before)


def asked_for(retry_after: str, at: datetime) -> datetime | None:
    """Until when a `Retry-After` asks to wait (RFC 9110 §10.2.3: seconds, or a date), at most a day.

    None where it asks for nothing that can be understood, or for what is past.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # As many digits as a day has would do; a number without end is no reason to calculate with it.
        wait = RETRY_AFTER_MAX if len(text) > 9 else timedelta(seconds=int(text))
    else:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - at
    return at + min(wait, RETRY_AFTER_MAX) if wait > timedelta(0) else None


def signed(secrets: list[str], event: UUID, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a delivery; a signature by each of the secrets."""
    identifier = ids.show("evt", event)
    signatures = [Webhook(secret).sign(identifier, at, body.decode()) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Regulars/{__version__}",
        "Webhook-Id": identifier,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": " ".join(signatures),
    }


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
