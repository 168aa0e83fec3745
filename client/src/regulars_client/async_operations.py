"""Every call of the API as a method, awaited. Written by scripts/client from the API's declared calls; a test compares the two."""

# ruff: noqa: A002, E501

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, Literal

from regulars_client import models as m
from regulars_client.call import Call

Send = Callable[[Call], Awaitable[Any]]


class AsyncAccess:
    """log-in and proof."""

    def __init__(self, send: Send):
        self._send = send

    async def challenge(self, id: str, body: m.NewChallenge, *, key: str | None = None) -> m.ChallengeView:
        """Send the member a code of six digits by SMS or email"""
        return await self._send(
            Call("POST", "/v1/members/{}/challenges", (id,), m.ChallengeView, body=body, key=key, named=True)
        )

    async def verify(self, id: str, body: m.ChallengeAnswer, *, key: str | None = None) -> m.Verified:
        """Answer a challenge of the purpose `confirm`"""
        return await self._send(
            Call("POST", "/v1/challenges/{}/verify", (id,), m.Verified, body=body, key=key, named=True)
        )

    async def pin(self, id: str, body: m.NewPin) -> m.PinSet:
        """Set or change the member's PIN (4 to 8 digits), with a code of the purpose `confirm` that came to …"""
        return await self._send(Call("PUT", "/v1/members/{}/pin", (id,), m.PinSet, body=body))

    async def add_device(self, body: m.NewDevice, *, key: str | None = None) -> m.DeviceView:
        """Register a phone's public key (P-256), with a code that was sent to the member"""
        return await self._send(Call("POST", "/v1/devices", (), m.DeviceView, body=body, key=key, named=True))

    async def devices(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.DeviceList:
        """The phones of a member that may make dynamic codes, the newest first."""
        return await self._send(
            Call(
                "GET", "/v1/members/{}/devices", (id,), m.DeviceList, query={"limit": limit, "cursor": cursor}
            )
        )

    async def remove_device(self, id: str) -> m.DeviceRevoked:
        """Let a phone's codes no longer count."""
        return await self._send(Call("DELETE", "/v1/devices/{}", (id,), m.DeviceRevoked))


class AsyncAccounts:
    """accounts."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewAccount, *, key: str | None = None) -> m.AccountView:
        """Open an account that several members share"""
        return await self._send(
            Call("POST", "/v1/accounts", (), m.AccountView, body=body, key=key, named=True)
        )

    async def every(
        self,
        *,
        kind: Literal["company", "household"] | None = None,
        closed: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.AccountPage:
        """The households and companies of the program, in an order that stays, each with how many are in it."""
        return await self._send(
            Call(
                "GET",
                "/v1/accounts",
                (),
                m.AccountPage,
                query={"kind": kind, "closed": closed, "limit": limit, "cursor": cursor},
            )
        )

    async def read(self, id: str) -> m.AccountView:
        """A shared account, and what it has in every currency of the program."""
        return await self._send(Call("GET", "/v1/accounts/{}", (id,), m.AccountView))

    async def change(self, id: str, body: m.AccountChange) -> m.AccountView:
        """Change what an account is called"""
        return await self._send(Call("PATCH", "/v1/accounts/{}", (id,), m.AccountView, body=body))

    async def close(self, id: str, body: m.AccountClosing, *, key: str | None = None) -> m.ClosedAccount:
        """Close an account"""
        return await self._send(
            Call("POST", "/v1/accounts/{}/close", (id,), m.ClosedAccount, body=body, key=key, named=True)
        )

    async def statement(
        self,
        id: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        currency: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.StatementView:
        """The account's postings with running balance, newest first, whoever made them."""
        return await self._send(
            Call(
                "GET",
                "/v1/accounts/{}/statement",
                (id,),
                m.StatementView,
                query={"from": from_, "to": to, "currency": currency, "limit": limit, "cursor": cursor},
            )
        )

    async def sharers(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.SharerPage:
        """Who is in an account, and as what"""
        return await self._send(
            Call(
                "GET",
                "/v1/accounts/{}/members",
                (id,),
                m.SharerPage,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def put_in(self, id: str, body: m.NewSharers, *, key: str | None = None) -> m.EnteredList:
        """Put up to 1,000 members into an account, as an employer's list does"""
        return await self._send(
            Call("POST", "/v1/accounts/{}/members", (id,), m.EnteredList, body=body, key=key, named=True)
        )

    async def change_member(self, id: str, member: str, body: m.SharerChange) -> m.SharerView:
        """Let somebody be something else in the account, or spend more or less a day."""
        return await self._send(
            Call(
                "PATCH",
                "/v1/accounts/{}/members/{}",
                (
                    id,
                    member,
                ),
                m.SharerView,
                body=body,
            )
        )

    async def take_out(self, id: str, member: str) -> m.OwnAccount:
        """Take somebody out of the account"""
        return await self._send(
            Call(
                "DELETE",
                "/v1/accounts/{}/members/{}",
                (
                    id,
                    member,
                ),
                m.OwnAccount,
            )
        )

    async def invitation(self, id: str, body: m.NewInvitation, *, key: str | None = None) -> m.InvitationView:
        """Make a code with which one member may join within 14 days."""
        return await self._send(
            Call(
                "POST", "/v1/accounts/{}/invitations", (id,), m.InvitationView, body=body, key=key, named=True
            )
        )

    async def join(self, body: m.Acceptance, *, key: str | None = None) -> m.Joined:
        """Let a member join with the code that she was given."""
        return await self._send(
            Call("POST", "/v1/invitations/accept", (), m.Joined, body=body, key=key, named=True)
        )

    async def own(self, id: str) -> m.OwnAccount:
        """The shared account that the member buys on, and as what"""
        return await self._send(Call("GET", "/v1/members/{}/account", (id,), m.OwnAccount))


class AsyncActivity:
    """activity."""

    def __init__(self, send: Send):
        self._send = send

    async def kinds(self, *, limit: int | None = None, cursor: str | None = None) -> m.Kinds:
        """The kinds of activity that the program has declared, as they count now, by code."""
        return await self._send(
            Call("GET", "/v1/activity-kinds", (), m.Kinds, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, code: str, body: m.ActivityKind) -> m.KindView:
        """Declare a kind of activity, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/activity-kinds/{}", (code,), m.KindView, body=body))

    async def close(self, code: str, body: m.Month) -> m.ClosedMonth:
        """Close a month of a kind that earns monthly, as the job does by itself"""
        return await self._send(
            Call("POST", "/v1/activity-kinds/{}/close", (code,), m.ClosedMonth, body=body)
        )

    async def record(self, id: str, body: m.NewActivity) -> m.ActivityView:
        """Record that the member did something besides buying, of a kind that the program has declared."""
        return await self._send(Call("POST", "/v1/members/{}/events", (id,), m.ActivityView, body=body))

    async def record_batch(self, body: m.ActivityBatch) -> m.ActivityItems:
        """Record up to 1,000 activities"""
        return await self._send(Call("POST", "/v1/activities/batch", (), m.ActivityItems, body=body))

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.ActivityPage:
        """What the member did besides buying, and whoever was merged into her, the latest recorded first."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/events",
                (id,),
                m.ActivityPage,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def waiting(
        self, *, flagged: Literal["true"] | None = None, limit: int | None = None, cursor: str | None = None
    ) -> m.ActivityPage:
        """What was flagged and waits for a decision, the longest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/activities",
                (),
                m.ActivityPage,
                query={"flagged": flagged, "limit": limit, "cursor": cursor},
            )
        )

    async def show(self, id: str) -> m.ActivityRecord:
        """An activity with all that is known of it."""
        return await self._send(Call("GET", "/v1/activities/{}", (id,), m.ActivityRecord))

    async def review(
        self, id: str, body: m.ReviewActivityDecision, *, key: str | None = None
    ) -> m.ActivityView:
        """Accept or refuse what was flagged, once."""
        return await self._send(
            Call("POST", "/v1/activities/{}/review", (id,), m.ActivityView, body=body, key=key, named=True)
        )


class AsyncAggregators:
    """aggregators."""

    def __init__(self, send: Send):
        self._send = send

    async def enter(self, body: m.NewAggregator, *, key: str | None = None) -> m.NewAggregatorView:
        """Let a wallet of another maker in"""
        return await self._send(
            Call("POST", "/v1/aggregators", (), m.NewAggregatorView, body=body, key=key, named=True)
        )

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Aggregators:
        """The wallets that were let in, also those that were ended."""
        return await self._send(
            Call("GET", "/v1/aggregators", (), m.Aggregators, query={"limit": limit, "cursor": cursor})
        )

    async def change(self, id: str, body: m.AggregatorChange) -> m.AggregatorView:
        """Let it ask more or less a day, from its next call on."""
        return await self._send(Call("PATCH", "/v1/aggregators/{}", (id,), m.AggregatorView, body=body))

    async def end(self, id: str) -> m.Ended:
        """End a wallet"""
        return await self._send(Call("DELETE", "/v1/aggregators/{}", (id,), m.Ended))

    async def ask(self, body: m.NewRegistration, *, key: str | None = None) -> m.RegistrationView:
        """Send a code to a phone, so that its owner can let this wallet show her card."""
        return await self._send(
            Call("POST", "/v1/issuer/registrations", (), m.RegistrationView, body=body, key=key, named=True)
        )

    async def confirm(self, id: str, body: m.RegistrationCode, *, key: str | None = None) -> m.Registered:
        """The code that the phone got"""
        return await self._send(
            Call(
                "POST",
                "/v1/issuer/registrations/{}/confirm",
                (id,),
                m.Registered,
                body=body,
                key=key,
                named=True,
            )
        )

    async def card(self, *, key: str | None = None, grant: str | None = None) -> m.CardShown:
        """A duplicate of the card of the member whose token stands in the header `Regulars-Grant`."""
        return await self._send(
            Call("POST", "/v1/issuer/cards", (), m.CardShown, key=key, named=True, grant=grant)
        )

    async def balance(self, *, grant: str | None = None) -> m.WalletBalance:
        """The card and balance of the member whose token stands in the header `Regulars-Grant`."""
        return await self._send(Call("GET", "/v1/issuer/balance", (), m.WalletBalance, grant=grant))

    async def grants(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Grants:
        """Which wallets the member lets show her card and balance, and which she no longer does."""
        return await self._send(
            Call("GET", "/v1/members/{}/grants", (id,), m.Grants, query={"limit": limit, "cursor": cursor})
        )

    async def take_back(self, id: str, grant: str) -> m.WalletGrantsRevoked:
        """Take a grant back"""
        return await self._send(
            Call(
                "DELETE",
                "/v1/members/{}/grants/{}",
                (
                    id,
                    grant,
                ),
                m.WalletGrantsRevoked,
            )
        )


class AsyncApprovals:
    """Review."""

    def __init__(self, send: Send):
        self._send = send

    async def listed(
        self, *, waiting: bool | None = None, limit: int | None = None, cursor: str | None = None
    ) -> m.ApprovalPage:
        """What waits for a second person, the newest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/approvals",
                (),
                m.ApprovalPage,
                query={"waiting": waiting, "limit": limit, "cursor": cursor},
            )
        )

    async def read(self, id: str) -> m.ApprovalView:
        """One of them, as it stands"""
        return await self._send(Call("GET", "/v1/approvals/{}", (id,), m.ApprovalView))

    async def approve(self, id: str, body: m.ApprovalsDecision, *, key: str | None = None) -> m.ApprovalView:
        """Agree"""
        return await self._send(
            Call("POST", "/v1/approvals/{}/approve", (id,), m.ApprovalView, body=body, key=key, named=True)
        )

    async def refuse(self, id: str, body: m.ApprovalsDecision, *, key: str | None = None) -> m.ApprovalView:
        """Say no, with a word why."""
        return await self._send(
            Call("POST", "/v1/approvals/{}/refuse", (id,), m.ApprovalView, body=body, key=key, named=True)
        )

    async def withdraw(self, id: str, body: m.ApprovalsDecision, *, key: str | None = None) -> m.ApprovalView:
        """Take back what one has asked for."""
        return await self._send(
            Call("POST", "/v1/approvals/{}/withdraw", (id,), m.ApprovalView, body=body, key=key, named=True)
        )


class AsyncAudit:
    """Review."""

    def __init__(self, send: Send):
        self._send = send

    async def entries(
        self,
        *,
        from_: datetime | None = None,
        to: datetime | None = None,
        actor: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        why: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.AuditPage:
        """The audit trail, the newest entry first."""
        return await self._send(
            Call(
                "GET",
                "/v1/audit",
                (),
                m.AuditPage,
                query={
                    "from": from_,
                    "to": to,
                    "actor": actor,
                    "action": action,
                    "subject": subject,
                    "why": why,
                    "limit": limit,
                    "cursor": cursor,
                },
            )
        )

    async def chain(self) -> m.Chain:
        """Check the trail"""
        return await self._send(Call("GET", "/v1/audit/chain", (), m.Chain))


class AsyncCardBatches:
    """cards."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewBatch, *, key: str | None = None) -> m.CardBatchView:
        """Issue unassigned cards"""
        return await self._send(
            Call("POST", "/v1/cards/batch", (), m.CardBatchView, body=body, key=key, named=True)
        )

    async def search(self, *, limit: int | None = None, cursor: str | None = None) -> m.CardBatchPage:
        """Batches of cards in the order they were made."""
        return await self._send(
            Call("GET", "/v1/card-batches", (), m.CardBatchPage, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, id: str) -> m.CardBatchView:
        """A batch"""
        return await self._send(Call("GET", "/v1/card-batches/{}", (id,), m.CardBatchView))

    async def cards(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.BatchCardPage:
        """A batch's cards in the order of their serials, with the state of each as it is now."""
        return await self._send(
            Call(
                "GET",
                "/v1/card-batches/{}/cards",
                (id,),
                m.BatchCardPage,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def as_csv(self, id: str) -> bytes:
        """A whole batch as CSV for a card maker"""
        return await self._send(Call("GET", "/v1/card-batches/{}/cards.csv", (id,), bytes))

    async def sheet(self, id: str, body: m.SheetAsked) -> bytes:
        """Up to 1,000 cards of a batch as a PDF for a printer"""
        return await self._send(Call("POST", "/v1/card-batches/{}/sheet", (id,), bytes, body=body))


class AsyncCards:
    """cards."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, id: str, body: m.NewCard, *, key: str | None = None) -> m.CardView:
        """Issue a card to a member."""
        return await self._send(
            Call("POST", "/v1/members/{}/cards", (id,), m.CardView, body=body, key=key, named=True)
        )

    async def of_member(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.CardPage:
        """A member's cards in the order they were issued, those out of use too."""
        return await self._send(
            Call("GET", "/v1/members/{}/cards", (id,), m.CardPage, query={"limit": limit, "cursor": cursor})
        )

    async def block(self, body: m.CardNamed) -> m.CardView:
        """Block a card by its number or id"""
        return await self._send(Call("POST", "/v1/cards/block", (), m.CardView, body=body))

    async def unblock(self, body: m.CardNamed) -> m.CardView:
        """Let a blocked card be used again."""
        return await self._send(Call("POST", "/v1/cards/unblock", (), m.CardView, body=body))

    async def activate(self, body: m.CardNamed) -> m.CardView:
        """Activate an issued card, as it is handed over."""
        return await self._send(Call("POST", "/v1/cards/activate", (), m.CardView, body=body))

    async def close(self, body: m.CardNamed) -> m.CardView:
        """Close a card for good"""
        return await self._send(Call("POST", "/v1/cards/close", (), m.CardView, body=body))

    async def copy(self, body: m.CardNamed, *, key: str | None = None) -> m.CopyView:
        """Note that a card is made again with the same number"""
        return await self._send(
            Call("POST", "/v1/cards/copies", (), m.CopyView, body=body, key=key, named=True)
        )

    async def show(self, id: str) -> m.CardView:
        """A card as it is now."""
        return await self._send(Call("GET", "/v1/cards/{}", (id,), m.CardView))

    async def code(
        self, id: str, *, kind: Literal["aztec", "code128", "ean13", "pdf417", "qr"] | None = None
    ) -> bytes:
        """A card's number as a code to scan, drawn as SVG"""
        return await self._send(Call("GET", "/v1/cards/{}/code.svg", (id,), bytes, query={"kind": kind}))


class AsyncChallenges:
    """challenges."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Quests:
        """The challenges of the program as they count now, by code, with how many take part and what they …"""
        return await self._send(
            Call("GET", "/v1/challenges", (), m.Quests, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, code: str, body: m.QuestDocument) -> m.QuestView:
        """Make a challenge, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/challenges/{}", (code,), m.QuestView, body=body))

    async def preview(self, body: m.QuestRehearsal) -> m.QuestPreview:
        """What a challenge would have come to in the last days"""
        return await self._send(Call("POST", "/v1/challenges/preview", (), m.QuestPreview, body=body))

    async def stop(self, code: str, body: m.Stopping) -> m.QuestView:
        """Nothing counts for it any more"""
        return await self._send(Call("POST", "/v1/challenges/{}/stop", (code,), m.QuestView, body=body))

    async def leaderboard(
        self, code: str, *, limit: int | None = None, cursor: str | None = None, member: str | None = None
    ) -> m.BoardView:
        """The best twenty of the present window under the names that they chose"""
        return await self._send(
            Call(
                "GET",
                "/v1/challenges/{}/leaderboard",
                (code,),
                m.BoardView,
                query={"limit": limit, "cursor": cursor, "member": member},
            )
        )

    async def progress(self, id: str) -> m.Progress:
        """How far the member is in each challenge that is meant for her, her badges, and what she was given."""
        return await self._send(Call("GET", "/v1/members/{}/progress", (id,), m.Progress))

    async def join(self, id: str, code: str) -> m.Progress:
        """The member takes part in a challenge that members join"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/progress/{}/join",
                (
                    id,
                    code,
                ),
                m.Progress,
            )
        )

    async def nickname(self, id: str, body: m.NewNickname) -> m.Progress:
        """The member is shown on boards under this name from now on."""
        return await self._send(Call("PUT", "/v1/members/{}/nickname", (id,), m.Progress, body=body))

    async def no_nickname(self, id: str) -> m.Progress:
        """The member is shown on no board any more"""
        return await self._send(Call("DELETE", "/v1/members/{}/nickname", (id,), m.Progress))

    async def every_badge(self, *, limit: int | None = None, cursor: str | None = None) -> m.Badges:
        """The badges of the program, by code, with how many members have each."""
        return await self._send(
            Call("GET", "/v1/badges", (), m.Badges, query={"limit": limit, "cursor": cursor})
        )

    async def change_badge(self, code: str, body: m.BadgeDocument) -> m.BadgeView:
        """Make a badge, or change what it shows and says"""
        return await self._send(Call("PUT", "/v1/badges/{}", (code,), m.BadgeView, body=body))

    async def hand_badge(self, id: str, body: m.GivingBadge, *, key: str | None = None) -> m.GivenBadge:
        """Give a member a badge by hand"""
        return await self._send(
            Call("POST", "/v1/members/{}/badges", (id,), m.GivenBadge, body=body, key=key, named=True)
        )

    async def no_badge(self, id: str, code: str, *, reason: str | None = None) -> m.Progress:
        """Take a badge from a member"""
        return await self._send(
            Call(
                "DELETE",
                "/v1/members/{}/badges/{}",
                (
                    id,
                    code,
                ),
                m.Progress,
                query={"reason": reason},
            )
        )


class AsyncClubs:
    """clubs."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Clubs:
        """The clubs of the program as they count now, by code, with how many are in each."""
        return await self._send(
            Call("GET", "/v1/clubs", (), m.Clubs, query={"limit": limit, "cursor": cursor})
        )

    async def one(self, code: str) -> m.ClubView:
        """One club, with how many are in it."""
        return await self._send(Call("GET", "/v1/clubs/{}", (code,), m.ClubView))

    async def put(self, code: str, body: m.ClubDocument) -> m.ClubView:
        """Make a club, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/clubs/{}", (code,), m.ClubView, body=body))

    async def preview(self, code: str, body: m.ClubDocument) -> m.ClubPreview:
        """How many a club by rule would take in, let go and keep if it were measured now"""
        return await self._send(Call("POST", "/v1/clubs/{}/preview", (code,), m.ClubPreview, body=body))

    async def members(
        self, code: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.ClubMembers:
        """Who is in a club, since when, and how she came in."""
        return await self._send(
            Call(
                "GET",
                "/v1/clubs/{}/members",
                (code,),
                m.ClubMembers,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def link(self, code: str, body: m.NewClubLink, *, key: str | None = None) -> m.ClubLink:
        """Make a code that lets so many into a club, to be printed, or sent as a link to the portal."""
        return await self._send(
            Call("POST", "/v1/clubs/{}/links", (code,), m.ClubLink, body=body, key=key, named=True)
        )

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.ClubsOfMember:
        """The clubs that concern a member"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/clubs",
                (id,),
                m.ClubsOfMember,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def join(
        self, id: str, code: str, body: m.ClubJoining, *, key: str | None = None
    ) -> m.ClubOfMember:
        """Let the member join a club, or accept its invitation"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/clubs/{}",
                (
                    id,
                    code,
                ),
                m.ClubOfMember,
                body=body,
                key=key,
                named=True,
            )
        )

    async def leave(self, id: str, code: str) -> m.ClubsOfMember:
        """Let the member leave a club"""
        return await self._send(
            Call(
                "DELETE",
                "/v1/members/{}/clubs/{}",
                (
                    id,
                    code,
                ),
                m.ClubsOfMember,
            )
        )

    async def invite_member(self, id: str, code: str, *, key: str | None = None) -> m.ClubInvitation:
        """Invite the member to a club"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/clubs/{}/invite",
                (
                    id,
                    code,
                ),
                m.ClubInvitation,
                key=key,
                named=True,
            )
        )

    async def decline(self, id: str, code: str, *, key: str | None = None) -> m.ClubInvitation:
        """Note that the member declined an invitation."""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/clubs/{}/decline",
                (
                    id,
                    code,
                ),
                m.ClubInvitation,
                key=key,
                named=True,
            )
        )


class AsyncCodes:
    """codes."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewCodes, *, key: str | None = None) -> m.CodeBatchView:
        """Make unique codes by a pattern."""
        return await self._send(
            Call("POST", "/v1/code-batches", (), m.CodeBatchView, body=body, key=key, named=True)
        )

    async def search(self, *, limit: int | None = None, cursor: str | None = None) -> m.CodeBatchPage:
        """Batches of codes in the order they were made."""
        return await self._send(
            Call("GET", "/v1/code-batches", (), m.CodeBatchPage, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, id: str) -> m.CodeBatchView:
        """A batch"""
        return await self._send(Call("GET", "/v1/code-batches/{}", (id,), m.CodeBatchView))

    async def codes(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.CodePage:
        """The codes of a batch, to be printed or sent."""
        return await self._send(
            Call(
                "GET",
                "/v1/code-batches/{}/codes",
                (id,),
                m.CodePage,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def as_csv(self, id: str) -> bytes:
        """A whole batch as CSV for a printer or a mailing"""
        return await self._send(Call("GET", "/v1/code-batches/{}/codes.csv", (id,), bytes))

    async def stop(self, id: str) -> m.CodeBatchView:
        """Stop a batch"""
        return await self._send(Call("POST", "/v1/code-batches/{}/stop", (id,), m.CodeBatchView))

    async def job(self, id: str) -> m.JobView:
        """Work that takes long"""
        return await self._send(Call("GET", "/v1/jobs/{}", (id,), m.JobView))


class AsyncConsents:
    """consents."""

    def __init__(self, send: Send):
        self._send = send

    async def word(self, body: m.NewWording, *, key: str | None = None) -> m.WordingView:
        """Enter what is shown to members when they are asked"""
        return await self._send(
            Call("POST", "/v1/consent-wordings", (), m.WordingView, body=body, key=key, named=True)
        )

    async def wordings(self, *, limit: int | None = None, cursor: str | None = None) -> m.WordingPage:
        """Every wording by code with all its versions, the newest first."""
        return await self._send(
            Call("GET", "/v1/consent-wordings", (), m.WordingPage, query={"limit": limit, "cursor": cursor})
        )

    async def consent(
        self, id: str, body: m.NewConsent, *, key: str | None = None
    ) -> m.RecordConsentSaidView:
        """Record that the member agrees to be spoken to on a channel for a purpose, or no longer does."""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/consents",
                (id,),
                m.RecordConsentSaidView,
                body=body,
                key=key,
                named=True,
            )
        )

    async def of_member(self, id: str) -> m.Consents:
        """What the member agrees to now, and all that she ever said, with what proves it."""
        return await self._send(Call("GET", "/v1/members/{}/consents", (id,), m.Consents))

    async def confirm(self, body: m.ConfirmConsentConfirmation) -> m.Confirmed:
        """Confirm an agreement by the token of the message"""
        return await self._send(Call("POST", "/v1/consents/confirm", (), m.Confirmed, body=body))

    async def handover(
        self,
        *,
        purpose: str | None = None,
        channel: Literal["email", "phone", "post", "push", "sms"] | None = None,
        attributes: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> bytes:
        """A list, as CSV, of the members who agree to be spoken to on that channel for that purpose, and of …"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/handover",
                (),
                bytes,
                query={
                    "purpose": purpose,
                    "channel": channel,
                    "attributes": attributes,
                    "limit": limit,
                    "cursor": cursor,
                },
            )
        )

    async def handovers(self, *, limit: int | None = None, cursor: str | None = None) -> m.HandoverPage:
        """The lists of members that were handed over"""
        return await self._send(
            Call("GET", "/v1/handovers", (), m.HandoverPage, query={"limit": limit, "cursor": cursor})
        )


class AsyncDrafts:
    """Promotions."""

    def __init__(self, send: Send):
        self._send = send

    async def calendar(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        month: str | None = None,
        drafts: bool | None = None,
    ) -> m.Calendar:
        """Which live promotions run on which days of a month, and at which hours, by their windows and …"""
        return await self._send(
            Call(
                "GET",
                "/v1/promotions/calendar",
                (),
                m.Calendar,
                query={"limit": limit, "cursor": cursor, "month": month, "drafts": drafts},
            )
        )

    async def diff(self, id: str, *, from_: str | None = None, to: str | None = None) -> m.Compared:
        """What differs between two revisions, or a revision and the draft, in sentences of the caller's …"""
        return await self._send(
            Call("GET", "/v1/promotions/{}/diff", (id,), m.Compared, query={"from": from_, "to": to})
        )

    async def review(self, id: str, body: m.ReviewStep, *, key: str | None = None) -> m.Reviews:
        """Ask for a review of the draft, take that back, approve the draft, or send it back with a word."""
        return await self._send(
            Call("POST", "/v1/promotions/{}/review", (id,), m.Reviews, body=body, key=key, named=True)
        )

    async def reviews(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Reviews:
        """What was said about its drafts, the latest first, and where the present draft stands."""
        return await self._send(
            Call(
                "GET", "/v1/promotions/{}/review", (id,), m.Reviews, query={"limit": limit, "cursor": cursor}
            )
        )

    async def results(
        self, id: str, *, from_: date | None = None, to: date | None = None, store: str | None = None
    ) -> m.PromotionResults:
        """What it did, day by day and store by store"""
        return await self._send(
            Call(
                "GET",
                "/v1/promotions/{}/results",
                (id,),
                m.PromotionResults,
                query={"from": from_, "to": to, "store": store},
            )
        )


class AsyncDraws:
    """Games."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Lotteries:
        """The lotteries of the program, the latest first."""
        return await self._send(
            Call("GET", "/v1/draws", (), m.Lotteries, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, code: str) -> m.LotteryView:
        """A lottery by the revision that counts."""
        return await self._send(Call("GET", "/v1/draws/{}", (code,), m.LotteryView))

    async def put(self, code: str, body: m.Lottery) -> m.LotteryView:
        """Make a lottery, or change it"""
        return await self._send(Call("PUT", "/v1/draws/{}", (code,), m.LotteryView, body=body))

    async def stop(self, code: str) -> m.LotteryView:
        """Call it off"""
        return await self._send(Call("POST", "/v1/draws/{}/stop", (code,), m.LotteryView))

    async def beacon(self, code: str, body: m.NewBeacon) -> m.LotteryView:
        """Say what the public number is that the draw waits for."""
        return await self._send(Call("POST", "/v1/draws/{}/beacon", (code,), m.LotteryView, body=body))

    async def hold(self, code: str) -> m.DrawProof:
        """Hold the draw now that its time has come, as the worker does a little later."""
        return await self._send(Call("POST", "/v1/draws/{}/hold", (code,), m.DrawProof))

    async def proof(self, code: str) -> m.DrawProof:
        """The hash of the seed from the beginning"""
        return await self._send(Call("GET", "/v1/draws/{}/proof", (code,), m.DrawProof))

    async def buy(self, id: str, body: m.NewTicket, *, key: str | None = None) -> m.Tickets:
        """Tickets for points, or (`given`) as a present"""
        return await self._send(
            Call("POST", "/v1/members/{}/tickets", (id,), m.Tickets, body=body, key=key, named=True)
        )

    async def of_member(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Tickets:
        """The member's tickets, void ones among them, the latest first"""
        return await self._send(
            Call("GET", "/v1/members/{}/tickets", (id,), m.Tickets, query={"limit": limit, "cursor": cursor})
        )

    async def void(self, id: str, body: m.DrawsVoiding, *, key: str | None = None) -> m.TicketView:
        """Take a ticket out of a draw that was not held yet"""
        return await self._send(
            Call("POST", "/v1/tickets/{}/void", (id,), m.TicketView, body=body, key=key, named=True)
        )


class AsyncEnrolment:
    """enrolment."""

    def __init__(self, send: Send):
        self._send = send

    async def put(self, body: m.Questionnaire) -> m.QuestionnaireView:
        """Design what members are asked"""
        return await self._send(Call("PUT", "/v1/program/questionnaire", (), m.QuestionnaireView, body=body))

    async def show(self, *, place: Literal["app", "till", "web"] | None = None) -> m.QuestionnaireView:
        """What members are asked"""
        return await self._send(
            Call("GET", "/v1/program/questionnaire", (), m.QuestionnaireView, query={"place": place})
        )

    async def sources(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | None = None,
        to: str | None = None,
    ) -> m.Sources:
        """Where members came from"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/sources",
                (),
                m.Sources,
                query={"limit": limit, "cursor": cursor, "from": from_, "to": to},
            )
        )

    async def batch(self, body: m.MemberBatch) -> m.MemberBatchAnswer:
        """Enter up to 5,000 members of another system, with their cards, balances and consents."""
        return await self._send(Call("POST", "/v1/members/batch", (), m.MemberBatchAnswer, body=body))


class AsyncEntitlements:
    """entitlements."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.EntitlementDocuments:
        """The entitlements of the program as they count now, by code."""
        return await self._send(
            Call(
                "GET",
                "/v1/entitlements",
                (),
                m.EntitlementDocuments,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def put(self, code: str, body: m.Entitlement) -> m.EntitlementDocumentView:
        """Make an entitlement, or change it by a new revision"""
        return await self._send(
            Call("PUT", "/v1/entitlements/{}", (code,), m.EntitlementDocumentView, body=body)
        )

    async def free_slots(
        self,
        code: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        store: str | None = None,
        day: date | None = None,
    ) -> m.Slots:
        """When a visit can be booked at a place on a day, and how many people still fit in."""
        return await self._send(
            Call(
                "GET",
                "/v1/entitlements/{}/slots",
                (code,),
                m.Slots,
                query={"limit": limit, "cursor": cursor, "store": store, "day": day},
            )
        )

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.MemberEntitlements:
        """What the member has"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/entitlements",
                (id,),
                m.MemberEntitlements,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def use(self, id: str, code: str, body: m.NewUse, *, key: str | None = None) -> m.UseView:
        """Check the member in"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/entitlements/{}/uses",
                (
                    id,
                    code,
                ),
                m.UseView,
                body=body,
                key=key,
                named=True,
            )
        )

    async def book(self, id: str, code: str, body: m.NewBooking, *, key: str | None = None) -> m.UseView:
        """Book a visit"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/entitlements/{}/bookings",
                (
                    id,
                    code,
                ),
                m.UseView,
                body=body,
                key=key,
                named=True,
            )
        )

    async def grant(
        self, id: str, code: str, body: m.NewGrant, *, key: str | None = None
    ) -> m.MemberEntitlements:
        """Give the member uses beside her quota, for so many days or without end."""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/entitlements/{}/grants",
                (
                    id,
                    code,
                ),
                m.MemberEntitlements,
                body=body,
                key=key,
                named=True,
            )
        )

    async def uses(
        self,
        *,
        entitlement: str | None = None,
        partner: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.UsePage:
        """What was used and booked, the latest written first."""
        return await self._send(
            Call(
                "GET",
                "/v1/entitlement-uses",
                (),
                m.UsePage,
                query={"entitlement": entitlement, "partner": partner, "limit": limit, "cursor": cursor},
            )
        )

    async def costs(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: date | None = None,
        until: date | None = None,
        partner: str | None = None,
    ) -> m.Costs:
        """What uses cost, by partner, store and entitlement."""
        return await self._send(
            Call(
                "GET",
                "/v1/entitlement-costs",
                (),
                m.Costs,
                query={"limit": limit, "cursor": cursor, "from": from_, "until": until, "partner": partner},
            )
        )

    async def come(self, id: str, *, key: str | None = None) -> m.UseView:
        """Who booked has come"""
        return await self._send(
            Call("POST", "/v1/entitlement-uses/{}/check-in", (id,), m.UseView, key=key, named=True)
        )

    async def take_back(self, id: str, *, key: str | None = None) -> m.UseView:
        """Cancel a booking"""
        return await self._send(
            Call("POST", "/v1/entitlement-uses/{}/cancel", (id,), m.UseView, key=key, named=True)
        )


class AsyncExports:
    """exports."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewExport, *, key: str | None = None) -> m.ExportView:
        """Ask for an export"""
        return await self._send(Call("POST", "/v1/exports", (), m.ExportView, body=body, key=key, named=True))

    async def search(self, *, limit: int | None = None, cursor: str | None = None) -> m.ExportPage:
        """Exports, the newest first"""
        return await self._send(
            Call("GET", "/v1/exports", (), m.ExportPage, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, id: str) -> m.ExportView:
        """An export"""
        return await self._send(Call("GET", "/v1/exports/{}", (id,), m.ExportView))

    async def file(self, id: str) -> bytes:
        """The file of an export that is done, streamed."""
        return await self._send(Call("GET", "/v1/exports/{}/file", (id,), bytes))


class AsyncFindings:
    """Review."""

    def __init__(self, send: Send):
        self._send = send

    async def listed(
        self,
        *,
        status: Literal["case", "harmless", "open"] | None = None,
        kind: Literal[
            "adjusted_and_spent",
            "card_often",
            "claims",
            "code_guessing",
            "member_guessing",
            "own_card",
            "returns_share",
            "returns_soon",
        ]
        | None = None,
        cashier: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.FindingPage:
        """What looks unusual at the tills, the newest first"""
        return await self._send(
            Call(
                "GET",
                "/v1/findings",
                (),
                m.FindingPage,
                query={"status": status, "kind": kind, "cashier": cashier, "limit": limit, "cursor": cursor},
            )
        )

    async def decide(self, id: str, body: m.Verdict, *, key: str | None = None) -> m.FindingView:
        """Say what it was"""
        return await self._send(
            Call("POST", "/v1/findings/{}/decide", (id,), m.FindingView, body=body, key=key, named=True)
        )

    async def reopen(self, id: str, *, key: str | None = None) -> m.FindingView:
        """Let it be decided anew."""
        return await self._send(
            Call("POST", "/v1/findings/{}/reopen", (id,), m.FindingView, key=key, named=True)
        )


class AsyncGames:
    """Games."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Games:
        """The games of chance of the program"""
        return await self._send(
            Call("GET", "/v1/games", (), m.Games, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, code: str) -> m.GameView:
        """A game of chance by the revision that counts."""
        return await self._send(Call("GET", "/v1/games/{}", (code,), m.GameView))

    async def put(self, code: str, body: m.Game) -> m.GameView:
        """Make a wheel or a scratch card, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/games/{}", (code,), m.GameView, body=body))

    async def stop(self, code: str) -> m.GameView:
        """Nobody plays it from now on."""
        return await self._send(Call("POST", "/v1/games/{}/stop", (code,), m.GameView))

    async def resume(self, code: str) -> m.GameView:
        """A stopped game is played again, under the seed that was committed to next."""
        return await self._send(Call("POST", "/v1/games/{}/resume", (code,), m.GameView))

    async def odds(self, code: str) -> m.Odds:
        """All that is public of a game"""
        return await self._send(Call("GET", "/v1/games/{}/odds", (code,), m.Odds))

    async def seed(self, code: str, n: str) -> m.SeedPlays:
        """What a revealed seed decided, play by play, so that anybody computes it again"""
        return await self._send(
            Call(
                "GET",
                "/v1/games/{}/seeds/{}",
                (
                    code,
                    n,
                ),
                m.SeedPlays,
            )
        )

    async def of_member(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.OpenGames:
        """The games that are open for a member"""
        return await self._send(
            Call("GET", "/v1/members/{}/games", (id,), m.OpenGames, query={"limit": limit, "cursor": cursor})
        )

    async def play(self, id: str, body: m.NewPlay, *, key: str | None = None) -> m.PlayView:
        """Play a game for the member"""
        return await self._send(
            Call("POST", "/v1/members/{}/plays", (id,), m.PlayView, body=body, key=key, named=True)
        )

    async def played(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Plays:
        """What the member played, and whoever was merged into her, the latest first."""
        return await self._send(
            Call("GET", "/v1/members/{}/plays", (id,), m.Plays, query={"limit": limit, "cursor": cursor})
        )


class AsyncGiftCards:
    """gift cards."""

    def __init__(self, send: Send):
        self._send = send

    async def issue(self, body: m.NewGiftCard, *, key: str | None = None) -> m.GiftCardView:
        """Sell a gift card"""
        return await self._send(
            Call("POST", "/v1/gift-cards", (), m.GiftCardView, body=body, key=key, named=True)
        )

    async def find(self, body: m.Presenting) -> m.GiftCardView:
        """What is on the card of a code."""
        return await self._send(Call("POST", "/v1/gift-cards/find", (), m.GiftCardView, body=body))

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.GiftCardPage:
        """The gift cards of the program, the latest first, each with what is on it."""
        return await self._send(
            Call("GET", "/v1/gift-cards", (), m.GiftCardPage, query={"limit": limit, "cursor": cursor})
        )

    async def liabilities(self) -> m.PrepaidOwedOwed:
        """What is owed for what was paid in advance, as the books have it now"""
        return await self._send(Call("GET", "/v1/liabilities", (), m.PrepaidOwedOwed))

    async def show(self, id: str) -> m.GiftCardView:
        """A gift card by its id."""
        return await self._send(Call("GET", "/v1/gift-cards/{}", (id,), m.GiftCardView))

    async def statement(
        self,
        id: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        currency: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.StatementView:
        """What was put on the card and paid with it, the newest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/gift-cards/{}/statement",
                (id,),
                m.StatementView,
                query={"from": from_, "to": to, "currency": currency, "limit": limit, "cursor": cursor},
            )
        )

    async def top_up(self, body: m.TopUp, *, key: str | None = None) -> m.GiftCardView:
        """Put more money on a card"""
        return await self._send(
            Call("POST", "/v1/gift-cards/top-up", (), m.GiftCardView, body=body, key=key, named=True)
        )

    async def block(self, body: m.GiftCardNamed, *, key: str | None = None) -> m.GiftCardView:
        """Nobody can pay with the card from now on"""
        return await self._send(
            Call("POST", "/v1/gift-cards/block", (), m.GiftCardView, body=body, key=key, named=True)
        )

    async def unblock(self, body: m.GiftCardNamed, *, key: str | None = None) -> m.GiftCardView:
        """It can be paid with again."""
        return await self._send(
            Call("POST", "/v1/gift-cards/unblock", (), m.GiftCardView, body=body, key=key, named=True)
        )

    async def renew(self, body: m.GiftCardNamed, *, key: str | None = None) -> m.GiftCardView:
        """Give a card that was lost, or whose code was seen, another code"""
        return await self._send(
            Call("POST", "/v1/gift-cards/renew", (), m.GiftCardView, body=body, key=key, named=True)
        )


class AsyncImports:
    """imports."""

    def __init__(self, send: Send):
        self._send = send

    async def upload(
        self, body: bytes, *, name: str | None = None, encoding: str | None = None, key: str | None = None
    ) -> m.FileView:
        """Send a file"""
        return await self._send(
            Call(
                "POST",
                "/v1/imports/files",
                (),
                m.FileView,
                body=body,
                query={"name": name, "encoding": encoding},
                key=key,
                named=True,
            )
        )

    async def file(self, id: str) -> m.FileView:
        """A file that was sent, and what it seems to be."""
        return await self._send(Call("GET", "/v1/imports/files/{}", (id,), m.FileView))

    async def mappings(self, *, limit: int | None = None, cursor: str | None = None) -> m.Mappings:
        """The mappings that were saved with an import (`save_as`)."""
        return await self._send(
            Call("GET", "/v1/imports/mappings", (), m.Mappings, query={"limit": limit, "cursor": cursor})
        )

    async def create(self, body: m.NewImport, *, key: str | None = None) -> m.ImportView:
        """Import a file that was sent, or try it (`dry_run`)"""
        return await self._send(Call("POST", "/v1/imports", (), m.ImportView, body=body, key=key, named=True))

    async def search(self, *, limit: int | None = None, cursor: str | None = None) -> m.ImportPage:
        """Imports and dry runs, the newest first."""
        return await self._send(
            Call("GET", "/v1/imports", (), m.ImportPage, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, id: str) -> m.ImportView:
        """An import"""
        return await self._send(Call("GET", "/v1/imports/{}", (id,), m.ImportView))

    async def as_csv(self, id: str) -> bytes:
        """What is wrong, row by row, as CSV"""
        return await self._send(Call("GET", "/v1/imports/{}/report", (id,), bytes))

    async def undo(self, id: str, *, key: str | None = None) -> m.ImportView:
        """Take an import back, by a job"""
        return await self._send(Call("POST", "/v1/imports/{}/undo", (id,), m.ImportView, key=key, named=True))


class AsyncLadders:
    """Tiers."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Ladders:
        """The ladders of the program as they count now, by code"""
        return await self._send(
            Call("GET", "/v1/ladders", (), m.Ladders, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, code: str, body: m.LadderDocument) -> m.LadderView:
        """Make a ladder, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/ladders/{}", (code,), m.LadderView, body=body))

    async def changes(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.TierChanges:
        """How the member's tiers came to be"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/tier-changes",
                (id,),
                m.TierChanges,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def preview(self, code: str, body: m.LadderDocument) -> m.LadderPreview:
        """What a ladder, or a change of one, would do to today's members"""
        return await self._send(Call("POST", "/v1/ladders/{}/preview", (code,), m.LadderPreview, body=body))


class AsyncMarks:
    """members."""

    def __init__(self, send: Send):
        self._send = send

    async def marks(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Marks:
        """The audiences, clubs and tiers that the member is marked with now."""
        return await self._send(
            Call("GET", "/v1/members/{}/marks", (id,), m.Marks, query={"limit": limit, "cursor": cursor})
        )

    async def mark(self, id: str, body: m.NewMark) -> m.MarkView:
        """Mark the member with an audience, a club or a tier (`ladder/tier`), from now on, until `until` if …"""
        return await self._send(Call("PUT", "/v1/members/{}/marks", (id,), m.MarkView, body=body))

    async def unmark(self, id: str, kind: str, code: str) -> m.Marks:
        """Take a mark away"""
        return await self._send(
            Call(
                "DELETE",
                "/v1/members/{}/marks/{}/{}",
                (
                    id,
                    kind,
                    code,
                ),
                m.Marks,
            )
        )

    async def offers(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Offers:
        """The live offers that are meant for this member"""
        return await self._send(
            Call("GET", "/v1/members/{}/offers", (id,), m.Offers, query={"limit": limit, "cursor": cursor})
        )

    async def activate(self, id: str, body: m.NewActivation, *, key: str | None = None) -> m.OfferView:
        """Activate an offer for the member"""
        return await self._send(
            Call("POST", "/v1/members/{}/offers", (id,), m.OfferView, body=body, key=key, named=True)
        )


class AsyncMembers:
    """members."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.Enrolment, *, key: str | None = None) -> m.MembersMemberView:
        """Enrol a member."""
        return await self._send(
            Call("POST", "/v1/members", (), m.MembersMemberView, body=body, key=key, named=True)
        )

    async def find(self, body: m.Sought) -> m.Found:
        """Find a member by exactly one of phone, email, card and external_id."""
        return await self._send(Call("POST", "/v1/members/find", (), m.Found, body=body))

    async def read(self, id: str) -> m.MembersMemberView:
        """A member with her cards"""
        return await self._send(Call("GET", "/v1/members/{}", (id,), m.MembersMemberView))

    async def change(self, id: str, body: m.MemberChange) -> m.MembersMemberView:
        """Change a member"""
        return await self._send(Call("PATCH", "/v1/members/{}", (id,), m.MembersMemberView, body=body))

    async def erase(self, id: str) -> m.MembersMemberView:
        """Erase who a member is"""
        return await self._send(Call("DELETE", "/v1/members/{}", (id,), m.MembersMemberView))

    async def balance(self, id: str) -> m.BalanceView:
        """What the member has, in every currency of the program"""
        return await self._send(Call("GET", "/v1/members/{}/balance", (id,), m.BalanceView))

    async def statement(
        self,
        id: str,
        *,
        from_: str | None = None,
        to: str | None = None,
        currency: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.StatementView:
        """The member's postings with running balance, newest first, in the order they were recorded."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/statement",
                (id,),
                m.StatementView,
                query={"from": from_, "to": to, "currency": currency, "limit": limit, "cursor": cursor},
            )
        )

    async def adjust(self, id: str, body: m.NewAdjustment, *, key: str | None = None) -> m.Adjusted:
        """Give a member points by hand, or take some"""
        return await self._send(
            Call("POST", "/v1/members/{}/adjustments", (id,), m.Adjusted, body=body, key=key, named=True)
        )

    async def transfer(self, id: str, body: m.NewTransfer, *, key: str | None = None) -> m.Transferred:
        """Move points to another member"""
        return await self._send(
            Call("POST", "/v1/members/{}/transfers", (id,), m.Transferred, body=body, key=key, named=True)
        )


class AsyncMemberships:
    """Memberships."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Plans:
        """The plans of the program as they count now, by code."""
        return await self._send(
            Call("GET", "/v1/membership-plans", (), m.Plans, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, code: str, body: m.PlanDocument) -> m.PlanView:
        """Make a plan, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/membership-plans/{}", (code,), m.PlanView, body=body))

    async def in_state(
        self, *, state: str | None = None, cursor: str | None = None, limit: int | None = None
    ) -> m.Memberships:
        """Memberships in a state (`active`, `due`, `paused` or `ended`), the latest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/memberships",
                (),
                m.Memberships,
                query={"state": state, "cursor": cursor, "limit": limit},
            )
        )

    async def one(self, id: str) -> m.MembershipShown:
        """A membership with all its acts"""
        return await self._send(Call("GET", "/v1/memberships/{}", (id,), m.MembershipShown))

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.Memberships:
        """The member's paid memberships, the latest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/memberships",
                (id,),
                m.Memberships,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def begin(self, id: str, body: m.NewMembership, *, key: str | None = None) -> m.MembershipView:
        """Begin a membership today"""
        return await self._send(
            Call(
                "POST", "/v1/members/{}/memberships", (id,), m.MembershipView, body=body, key=key, named=True
            )
        )

    async def renew(self, id: str, body: m.Renewal, *, key: str | None = None) -> m.MembershipView:
        """Pay for the next period"""
        return await self._send(
            Call(
                "POST", "/v1/memberships/{}/renewals", (id,), m.MembershipView, body=body, key=key, named=True
            )
        )

    async def cancel(
        self, id: str, body: m.MembershipsCancellation, *, key: str | None = None
    ) -> m.MembershipView:
        """End a membership with what is paid (`period_end`), or `now`."""
        return await self._send(
            Call(
                "POST",
                "/v1/memberships/{}/cancellations",
                (id,),
                m.MembershipView,
                body=body,
                key=key,
                named=True,
            )
        )

    async def pause(self, id: str, body: m.Pause, *, key: str | None = None) -> m.MembershipView:
        """Pause an active membership"""
        return await self._send(
            Call("POST", "/v1/memberships/{}/pauses", (id,), m.MembershipView, body=body, key=key, named=True)
        )

    async def resume(self, id: str, body: m.Pause, *, key: str | None = None) -> m.MembershipView:
        """Go on after a pause"""
        return await self._send(
            Call(
                "POST",
                "/v1/memberships/{}/resumptions",
                (id,),
                m.MembershipView,
                body=body,
                key=key,
                named=True,
            )
        )

    async def change(self, id: str, body: m.PlanChange, *, key: str | None = None) -> m.MembershipView:
        """Go over to another plan today."""
        return await self._send(
            Call(
                "POST", "/v1/memberships/{}/changes", (id,), m.MembershipView, body=body, key=key, named=True
            )
        )


class AsyncMerging:
    """members."""

    def __init__(self, send: Send):
        self._send = send

    async def duplicates(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.Duplicates:
        """Members who may be the same person"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/duplicates",
                (id,),
                m.Duplicates,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def merge(self, id: str, body: m.NewMerge, *, key: str | None = None) -> m.Merged:
        """Merge a duplicate into this member."""
        return await self._send(
            Call("POST", "/v1/members/{}/merge", (id,), m.Merged, body=body, key=key, named=True)
        )

    async def unmerge(self, id: str, body: m.NewMerge, *, key: str | None = None) -> m.Unmerged:
        """Undo a merge, within `unmerge_days` of the program."""
        return await self._send(
            Call("POST", "/v1/members/{}/unmerge", (id,), m.Unmerged, body=body, key=key, named=True)
        )


class AsyncOccasions:
    """events with seats."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Occasions:
        """The events with seats of the program, by code"""
        return await self._send(
            Call("GET", "/v1/occasions", (), m.Occasions, query={"limit": limit, "cursor": cursor})
        )

    async def one(self, code: str) -> m.OccasionView:
        """One event with seats."""
        return await self._send(Call("GET", "/v1/occasions/{}", (code,), m.OccasionView))

    async def put(self, code: str, body: m.OccasionDocument) -> m.OccasionView:
        """Make an event, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/occasions/{}", (code,), m.OccasionView, body=body))

    async def cancel_event(self, code: str, *, key: str | None = None) -> m.OccasionView:
        """Call an event off"""
        return await self._send(
            Call("POST", "/v1/occasions/{}/call-off", (code,), m.OccasionView, key=key, named=True)
        )

    async def guests(
        self,
        code: str,
        *,
        state: Literal["attended", "booked", "cancelled", "lapsed", "offered", "waiting"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.SeatBookings:
        """The bookings of an event in the order they were made"""
        return await self._send(
            Call(
                "GET",
                "/v1/occasions/{}/bookings",
                (code,),
                m.SeatBookings,
                query={"state": state, "limit": limit, "cursor": cursor},
            )
        )

    async def enter(self, code: str, body: m.Entrance, *, key: str | None = None) -> m.SeatBooking:
        """Let a member in with her guests, by her card or her booking, once."""
        return await self._send(
            Call("POST", "/v1/occasions/{}/check-in", (code,), m.SeatBooking, body=body, key=key, named=True)
        )

    async def book(self, id: str, body: m.NewSeatBooking, *, key: str | None = None) -> m.SeatBooking:
        """Book seats of an event for the member"""
        return await self._send(
            Call("POST", "/v1/members/{}/bookings", (id,), m.SeatBooking, body=body, key=key, named=True)
        )

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.SeatBookings:
        """What the member booked, and whoever was merged into her, the latest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/bookings",
                (id,),
                m.SeatBookings,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def show(self, id: str) -> m.SeatBooking:
        """A booking, and where it stands."""
        return await self._send(Call("GET", "/v1/bookings/{}", (id,), m.SeatBooking))

    async def confirm(self, id: str, *, key: str | None = None) -> m.SeatBooking:
        """Say yes to seats that came free for the member"""
        return await self._send(
            Call("POST", "/v1/bookings/{}/confirm", (id,), m.SeatBooking, key=key, named=True)
        )

    async def cancel(self, id: str, body: m.BookingCancellation, *, key: str | None = None) -> m.SeatBooking:
        """Give seats back, or a place on the waiting list"""
        return await self._send(
            Call("POST", "/v1/bookings/{}/cancel", (id,), m.SeatBooking, body=body, key=key, named=True)
        )


class AsyncOffline:
    """Tills offline."""

    def __init__(self, send: Send):
        self._send = send

    async def register(self, body: m.NewTillDevice, *, key: str | None = None) -> m.TillDeviceView:
        """Enter a device that may sell while the line is down"""
        return await self._send(
            Call("POST", "/v1/till/devices", (), m.TillDeviceView, body=body, key=key, named=True)
        )

    async def listed(
        self, *, store: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> m.TillDevicePage:
        """The devices that sell without the line, with what is missing of their receipts."""
        return await self._send(
            Call(
                "GET",
                "/v1/till/devices",
                (),
                m.TillDevicePage,
                query={"store": store, "limit": limit, "cursor": cursor},
            )
        )

    async def shown(self, id: str) -> m.TillDeviceView:
        """A device"""
        return await self._send(Call("GET", "/v1/till/devices/{}", (id,), m.TillDeviceView))

    async def snapshot(self, *, device: str | None = None, store: str | None = None) -> m.Signed:
        """What a device works with while the line is down"""
        return await self._send(
            Call("GET", "/v1/till/snapshot", (), m.Signed, query={"device": device, "store": store})
        )

    async def conflicts(
        self,
        *,
        store: str | None = None,
        kind: Literal[
            "allowance_expired",
            "allowance_forged",
            "clock_wrong",
            "counter_gap",
            "counter_reused",
            "device_unknown",
            "over_allowance",
            "over_till_total",
            "price_differs",
            "shortfall",
            "snapshot_old",
        ]
        | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.ConflictPage:
        """What did not agree with receipts that were made without the line, and which receipts are missing."""
        return await self._send(
            Call(
                "GET",
                "/v1/till/conflicts",
                (),
                m.ConflictPage,
                query={
                    "store": store,
                    "kind": kind,
                    "from": from_,
                    "to": to,
                    "limit": limit,
                    "cursor": cursor,
                },
            )
        )


class AsyncPacks:
    """Packs."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.PackKinds:
        """The packs of the program, by code, and what is owed on those that were sold."""
        return await self._send(
            Call("GET", "/v1/packs", (), m.PackKinds, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, code: str, body: m.PackDocument) -> m.PackKindView:
        """Make a pack, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/packs/{}", (code,), m.PackKindView, body=body))

    async def of_member(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Packs:
        """The packs that the member bought, the latest first, with what is left of each."""
        return await self._send(
            Call("GET", "/v1/members/{}/packs", (id,), m.Packs, query={"limit": limit, "cursor": cursor})
        )

    async def sell(self, id: str, body: m.NewPack, *, key: str | None = None) -> m.PackView:
        """Sell a pack"""
        return await self._send(
            Call("POST", "/v1/members/{}/packs", (id,), m.PackView, body=body, key=key, named=True)
        )

    async def use(self, id: str, body: m.NewVisit, *, key: str | None = None) -> m.VisitUsed:
        """Use a visit of the member's packs, of those that end first"""
        return await self._send(
            Call("POST", "/v1/members/{}/visits", (id,), m.VisitUsed, body=body, key=key, named=True)
        )

    async def refund(self, id: str, body: m.PackRefund, *, key: str | None = None) -> m.PackView:
        """Pay back what is left of a pack"""
        return await self._send(
            Call("POST", "/v1/packs/{}/refunds", (id,), m.PackView, body=body, key=key, named=True)
        )


class AsyncPassing:
    """members."""

    def __init__(self, send: Send):
        self._send = send

    async def take_back(self, id: str, transfer: str, *, key: str | None = None) -> m.TakenBack:
        """Take a transfer back"""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/transfers/{}/take-back",
                (
                    id,
                    transfer,
                ),
                m.TakenBack,
                key=key,
                named=True,
            )
        )

    async def donate(self, id: str, body: m.NewDonation, *, key: str | None = None) -> m.DonationView:
        """Give points of a member to a good cause"""
        return await self._send(
            Call("POST", "/v1/members/{}/donations", (id,), m.DonationView, body=body, key=key, named=True)
        )

    async def donations(self, *, limit: int | None = None, cursor: str | None = None) -> m.Donations:
        """What each charity was given in all, by currency."""
        return await self._send(
            Call("GET", "/v1/donations", (), m.Donations, query={"limit": limit, "cursor": cursor})
        )

    async def rates(self, *, limit: int | None = None, cursor: str | None = None) -> m.Rates:
        """At what the program's own currencies are changed into one another."""
        return await self._send(
            Call("GET", "/v1/points-rates", (), m.Rates, query={"limit": limit, "cursor": cursor})
        )

    async def put(self, currency: str, target: str, body: m.Rate) -> m.RateView:
        """Set a rate by a new revision"""
        return await self._send(
            Call(
                "PUT",
                "/v1/points-rates/{}/{}",
                (
                    currency,
                    target,
                ),
                m.RateView,
                body=body,
            )
        )

    async def exchange(self, id: str, body: m.NewExchange, *, key: str | None = None) -> m.ExchangeView:
        """Change points of a member into another currency of the program, rounded down once."""
        return await self._send(
            Call("POST", "/v1/members/{}/exchanges", (id,), m.ExchangeView, body=body, key=key, named=True)
        )

    async def preview(self, id: str, body: m.NewExchange) -> m.ExchangeView:
        """What an exchange would bring"""
        return await self._send(
            Call("POST", "/v1/members/{}/exchanges/preview", (id,), m.ExchangeView, body=body)
        )


class AsyncPersonalData:
    """personal data."""

    def __init__(self, send: Send):
        self._send = send

    async def export(self, id: str) -> m.PersonExport:
        """All that the program holds of this member, as one JSON file that she may take along."""
        return await self._send(Call("GET", "/v1/members/{}/export", (id,), m.PersonExport))

    async def export_pdf(self, id: str, *, language: str | None = None) -> bytes:
        """The same to be read on paper"""
        return await self._send(
            Call("GET", "/v1/members/{}/export.pdf", (id,), bytes, query={"language": language})
        )

    async def erasure(self, id: str) -> m.ErasureView:
        """The certificate of a member's erasure"""
        return await self._send(Call("GET", "/v1/members/{}/erasure", (id,), m.ErasureView))

    async def signing_key(self) -> m.SigningKeyView:
        """The public key with which the program's certificates and proofs are checked."""
        return await self._send(Call("GET", "/v1/program/signing-key", (), m.SigningKeyView))

    async def proposals(self, *, limit: int | None = None, cursor: str | None = None) -> m.ProposalPage:
        """Members who were not seen for as long as the setting `retention` says for their country."""
        return await self._send(
            Call("GET", "/v1/erasure-proposals", (), m.ProposalPage, query={"limit": limit, "cursor": cursor})
        )

    async def accept(self, id: str) -> m.ProposalView:
        """Erase this member, as `DELETE /v1/members/{id}` does"""
        return await self._send(Call("POST", "/v1/erasure-proposals/{}/accept", (id,), m.ProposalView))

    async def decline(self, id: str) -> m.ProposalView:
        """Keep this member"""
        return await self._send(Call("POST", "/v1/erasure-proposals/{}/decline", (id,), m.ProposalView))


class AsyncPrograms:
    """programs."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewProgram, *, key: str | None = None) -> m.NewProgramView:
        """Make a program"""
        return await self._send(
            Call("POST", "/v1/programs", (), m.NewProgramView, body=body, key=key, named=True)
        )

    async def create_sandbox(self, *, key: str | None = None) -> m.NewProgramView:
        """Make a sandbox of this program, and nobody in it."""
        return await self._send(
            Call("POST", "/v1/program/sandbox", (), m.NewProgramView, key=key, named=True)
        )

    async def show(self) -> m.ProgramView:
        """The key's own program with all its settings."""
        return await self._send(Call("GET", "/v1/program", (), m.ProgramView))

    async def change(self, body: m.ProgramChange) -> m.ProgramView:
        """Change what is given"""
        return await self._send(Call("PATCH", "/v1/program", (), m.ProgramView, body=body))

    async def put_program_logo(self, body: m.NewLogo) -> m.ProgramView:
        """Give the program a logo, or take it away"""
        return await self._send(Call("PUT", "/v1/program/logo", (), m.ProgramView, body=body))

    async def stores(self, *, limit: int | None = None, cursor: str | None = None) -> m.StorePage:
        """Stores with their tills, by code."""
        return await self._send(
            Call("GET", "/v1/stores", (), m.StorePage, query={"limit": limit, "cursor": cursor})
        )

    async def enter_store(self, body: m.NewStore, *, key: str | None = None) -> m.StoreView:
        """Enter a store with its tills, or change the one with this code."""
        return await self._send(Call("POST", "/v1/stores", (), m.StoreView, body=body, key=key, named=True))

    async def partners(self, *, limit: int | None = None, cursor: str | None = None) -> m.Partners:
        """Partners by code."""
        return await self._send(
            Call("GET", "/v1/partners", (), m.Partners, query={"limit": limit, "cursor": cursor})
        )

    async def enter_partner(self, body: m.NewPartner, *, key: str | None = None) -> m.PartnerView:
        """Enter a partner, or change the name of the one with this code."""
        return await self._send(
            Call("POST", "/v1/partners", (), m.PartnerView, body=body, key=key, named=True)
        )

    async def currencies(self, *, limit: int | None = None, cursor: str | None = None) -> m.Currencies:
        """The points currencies, and money that is given as points."""
        return await self._send(
            Call("GET", "/v1/currencies", (), m.Currencies, query={"limit": limit, "cursor": cursor})
        )

    async def enter_currency(self, body: m.NewCurrency, *, key: str | None = None) -> m.NewCurrency:
        """Enter a currency, or change the names, worth and validity of the one with this code."""
        return await self._send(
            Call("POST", "/v1/currencies", (), m.NewCurrency, body=body, key=key, named=True)
        )

    async def exchange_rates(self, *, limit: int | None = None, cursor: str | None = None) -> m.ExchangeRates:
        """Dated rates of other moneys, the newest first."""
        return await self._send(
            Call("GET", "/v1/exchange-rates", (), m.ExchangeRates, query={"limit": limit, "cursor": cursor})
        )

    async def enter_exchange_rate(
        self, body: m.NewExchangeRate, *, key: str | None = None
    ) -> m.NewExchangeRate:
        """Enter a rate that is valid from an instant on."""
        return await self._send(
            Call("POST", "/v1/exchange-rates", (), m.NewExchangeRate, body=body, key=key, named=True)
        )

    async def keys(self, *, limit: int | None = None, cursor: str | None = None) -> m.Keys:
        """The keys in force"""
        return await self._send(Call("GET", "/v1/keys", (), m.Keys, query={"limit": limit, "cursor": cursor}))

    async def rotate_key(self, id: str, body: m.Rotation, *, key: str | None = None) -> m.KeyView:
        """Make a new key like this one"""
        return await self._send(
            Call("POST", "/v1/keys/{}/rotate", (id,), m.KeyView, body=body, key=key, named=True)
        )

    async def make_key(self, body: m.NewKey, *, key: str | None = None) -> m.KeyView:
        """Make a key"""
        return await self._send(Call("POST", "/v1/keys", (), m.KeyView, body=body, key=key, named=True))

    async def revoke_key(self, id: str) -> m.ProgramsRevoked:
        """End a key"""
        return await self._send(Call("DELETE", "/v1/keys/{}", (id,), m.ProgramsRevoked))

    async def read_clock(self) -> m.ClockView:
        """What time it is for this sandbox."""
        return await self._send(Call("GET", "/v1/sandbox/clock", (), m.ClockView))

    async def move_clock(self, body: m.ClockChange, *, key: str | None = None) -> m.ClockView:
        """Set the sandbox's clock forward"""
        return await self._send(
            Call("POST", "/v1/sandbox/clock", (), m.ClockView, body=body, key=key, named=True)
        )

    async def products(
        self,
        *,
        query: str | None = None,
        barcode: str | None = None,
        sku: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.ProductPage:
        """Find products"""
        return await self._send(
            Call(
                "GET",
                "/v1/products",
                (),
                m.ProductPage,
                query={"query": query, "barcode": barcode, "sku": sku, "limit": limit, "cursor": cursor},
            )
        )

    async def enter_products(self, body: m.ProductBatch, *, key: str | None = None) -> m.Upserted:
        """Enter up to 5,000 products, each replacing the one of its SKU"""
        return await self._send(Call("POST", "/v1/products", (), m.Upserted, body=body, key=key, named=True))


class AsyncPromotions:
    """Promotions."""

    def __init__(self, send: Send):
        self._send = send

    async def search(self, *, limit: int | None = None, cursor: str | None = None) -> m.PromotionPage:
        """Promotions in the order they were made."""
        return await self._send(
            Call("GET", "/v1/promotions", (), m.PromotionPage, query={"limit": limit, "cursor": cursor})
        )

    async def create(self, body: m.Document, *, key: str | None = None) -> m.PromotionView:
        """A new promotion"""
        return await self._send(
            Call("POST", "/v1/promotions", (), m.PromotionView, body=body, key=key, named=True)
        )

    async def documents_schema(self) -> dict[str, Any]:
        """The JSON Schema of promotion documents, with every kind of condition and benefit."""
        return await self._send(Call("GET", "/v1/promotions/schema", (), dict[str, Any]))

    async def ready_made(self, *, limit: int | None = None, cursor: str | None = None) -> m.Templates:
        """Ready promotions to begin from, with the fields that one would change first."""
        return await self._send(
            Call("GET", "/v1/promotions/templates", (), m.Templates, query={"limit": limit, "cursor": cursor})
        )

    async def lint_new(self, body: m.Document) -> m.Lint:
        """What the linter says of a document that is no promotion yet"""
        return await self._send(Call("POST", "/v1/promotions/lint", (), m.Lint, body=body))

    async def show(self, id: str) -> m.PromotionView:
        """A promotion"""
        return await self._send(Call("GET", "/v1/promotions/{}", (id,), m.PromotionView))

    async def show_draft(self, id: str) -> m.PromotionView:
        """A promotion with its draft."""
        return await self._send(Call("GET", "/v1/promotions/{}/draft", (id,), m.PromotionView))

    async def edit(self, id: str, body: m.Document, *, version: int | None = None) -> m.PromotionView:
        """Replace the draft"""
        return await self._send(
            Call(
                "PUT",
                "/v1/promotions/{}/draft",
                (id,),
                m.PromotionView,
                body=body,
                query={"version": version},
            )
        )

    async def publish(self, id: str, body: m.Consent, *, key: str | None = None) -> m.PromotionView:
        """Freeze the draft as the next revision"""
        return await self._send(
            Call("POST", "/v1/promotions/{}/publish", (id,), m.PromotionView, body=body, key=key, named=True)
        )

    async def stop(self, id: str, body: m.Nothing, *, key: str | None = None) -> m.PromotionView:
        """Stop it"""
        return await self._send(
            Call("POST", "/v1/promotions/{}/stop", (id,), m.PromotionView, body=body, key=key, named=True)
        )

    async def resume(self, id: str, body: m.Nothing, *, key: str | None = None) -> m.PromotionView:
        """Let a stopped promotion go on with its last revision."""
        return await self._send(
            Call("POST", "/v1/promotions/{}/resume", (id,), m.PromotionView, body=body, key=key, named=True)
        )

    async def revisions(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> m.Revisions:
        """Every revision, the newest first, with what it changed."""
        return await self._send(
            Call(
                "GET",
                "/v1/promotions/{}/revisions",
                (id,),
                m.Revisions,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def usage(self, id: str) -> m.PromotionUsage:
        """What was used of its limits and budgets to date"""
        return await self._send(Call("GET", "/v1/promotions/{}/usage", (id,), m.PromotionUsage))

    async def lint(self, id: str, body: m.Nothing) -> m.Lint:
        """What the linter says of the draft"""
        return await self._send(Call("POST", "/v1/promotions/{}/lint", (id,), m.Lint, body=body))


class AsyncPurchases:
    """purchases."""

    def __init__(self, send: Send):
        self._send = send

    async def preview(self, body: m.PurchaseRequest) -> m.PurchaseAnswer:
        """What recording this purchase would answer now."""
        return await self._send(Call("POST", "/v1/purchases/preview", (), m.PurchaseAnswer, body=body))

    async def record(self, body: m.PurchaseRequest) -> m.PurchaseAnswer:
        """Record a purchase, or hold it (`hold`)."""
        return await self._send(Call("POST", "/v1/purchases", (), m.PurchaseAnswer, body=body))

    async def record_batch(self, body: m.PurchaseBatch) -> m.BatchAnswer:
        """Record up to 5,000 purchases"""
        return await self._send(Call("POST", "/v1/purchases/batch", (), m.BatchAnswer, body=body))

    async def search(
        self,
        *,
        member: str | None = None,
        store: str | None = None,
        till: str | None = None,
        request: str | None = None,
        receipt_number: str | None = None,
        status: Literal["held"] | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.PurchasePage:
        """Purchases by member, store, till, time, receipt number or the till's own request id, the latest …"""
        return await self._send(
            Call(
                "GET",
                "/v1/purchases",
                (),
                m.PurchasePage,
                query={
                    "member": member,
                    "store": store,
                    "till": till,
                    "request": request,
                    "receipt_number": receipt_number,
                    "status": status,
                    "from": from_,
                    "to": to,
                    "limit": limit,
                    "cursor": cursor,
                },
            )
        )

    async def show(self, id: str) -> m.PurchaseShown:
        """A purchase"""
        return await self._send(Call("GET", "/v1/purchases/{}", (id,), m.PurchaseShown))

    async def explain(self, id: str) -> m.Explanation:
        """The whole reasoning"""
        return await self._send(Call("GET", "/v1/purchases/{}/explanation", (id,), m.Explanation))

    async def confirm(
        self, id: str, body: m.ConfirmPurchaseConfirmation, *, key: str | None = None
    ) -> m.PurchaseAnswer:
        """Confirm a hold, with the final lines when they are fewer or smaller."""
        return await self._send(
            Call("POST", "/v1/purchases/{}/confirm", (id,), m.PurchaseAnswer, body=body, key=key, named=True)
        )

    async def void_by_request(self, body: m.VoidingByRequest, *, key: str | None = None) -> m.Voided:
        """Give a request up that got no answer"""
        return await self._send(
            Call("POST", "/v1/purchases/void", (), m.Voided, body=body, key=key, named=True)
        )

    async def void(self, id: str, body: m.VoidPurchaseVoiding, *, key: str | None = None) -> m.Voided:
        """Void a purchase"""
        return await self._send(
            Call("POST", "/v1/purchases/{}/void", (id,), m.Voided, body=body, key=key, named=True)
        )

    async def return_preview(self, id: str, body: m.ReturnRequest) -> m.ReturnAnswer:
        """What a return would give back."""
        return await self._send(
            Call("POST", "/v1/purchases/{}/returns/preview", (id,), m.ReturnAnswer, body=body)
        )

    async def return_lines(self, id: str, body: m.ReturnRequest) -> m.ReturnAnswer:
        """Take lines back"""
        return await self._send(Call("POST", "/v1/purchases/{}/returns", (id,), m.ReturnAnswer, body=body))

    async def claim(self, id: str, body: m.NewClaim, *, key: str | None = None) -> m.PurchaseAnswer:
        """Give an anonymous purchase to a member afterwards, once"""
        return await self._send(
            Call("POST", "/v1/purchases/{}/claim", (id,), m.PurchaseAnswer, body=body, key=key, named=True)
        )

    async def claim_printed(self, body: m.ClaimByRequest, *, key: str | None = None) -> m.PurchaseAnswer:
        """Claim a purchase by what is printed on its receipt"""
        return await self._send(
            Call("POST", "/v1/purchases/claim", (), m.PurchaseAnswer, body=body, key=key, named=True)
        )


class AsyncReferrals:
    """Referrals."""

    def __init__(self, send: Send):
        self._send = send

    async def programs(self, *, limit: int | None = None, cursor: str | None = None) -> m.ReferralPrograms:
        """What is given for bringing friends"""
        return await self._send(
            Call(
                "GET",
                "/v1/referral-programs",
                (),
                m.ReferralPrograms,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def put(self, code: str, body: m.ReferralDocument) -> m.ReferralProgramView:
        """Say what is given for bringing friends, by a new revision"""
        return await self._send(
            Call("PUT", "/v1/referral-programs/{}", (code,), m.ReferralProgramView, body=body)
        )

    async def every(
        self, *, cursor: str | None = None, refused: bool | None = None, limit: int | None = None
    ) -> m.ReferralPage:
        """Who brought whom, and what became of it, the latest first"""
        return await self._send(
            Call(
                "GET",
                "/v1/referrals",
                (),
                m.ReferralPage,
                query={"cursor": cursor, "refused": refused, "limit": limit},
            )
        )

    async def code(self, id: str) -> m.OwnCode:
        """The member's own code and the link by which friends join"""
        return await self._send(Call("GET", "/v1/members/{}/referral", (id,), m.OwnCode))

    async def brought(
        self, id: str, *, cursor: str | None = None, refused: bool | None = None, limit: int | None = None
    ) -> m.ReferralPage:
        """Whom the member brought, and what became of it, the latest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/referrals",
                (id,),
                m.ReferralPage,
                query={"cursor": cursor, "refused": refused, "limit": limit},
            )
        )

    async def name(self, id: str, body: m.NamedReferrer, *, key: str | None = None) -> m.ReferredView:
        """Say who brought a member, after she has joined"""
        return await self._send(
            Call("POST", "/v1/members/{}/referrer", (id,), m.ReferredView, body=body, key=key, named=True)
        )


class AsyncRewards:
    """rewards."""

    def __init__(self, send: Send):
        self._send = send

    async def offered(
        self, *, limit: int | None = None, cursor: str | None = None, member: str | None = None
    ) -> m.OfferedRewards:
        """The rewards that are meant for a member, what she can claim now first."""
        return await self._send(
            Call(
                "GET",
                "/v1/rewards",
                (),
                m.OfferedRewards,
                query={"limit": limit, "cursor": cursor, "member": member},
            )
        )

    async def catalogue(self, *, limit: int | None = None, cursor: str | None = None) -> m.RewardPage:
        """Every reward with its document, the revision that counts and its stock, in the order they were made."""
        return await self._send(
            Call("GET", "/v1/reward-catalogue", (), m.RewardPage, query={"limit": limit, "cursor": cursor})
        )

    async def create(self, body: m.Reward, *, key: str | None = None) -> m.RewardView:
        """Publish a reward"""
        return await self._send(Call("POST", "/v1/rewards", (), m.RewardView, body=body, key=key, named=True))

    async def show(self, id: str) -> m.RewardView:
        """A reward"""
        return await self._send(Call("GET", "/v1/rewards/{}", (id,), m.RewardView))

    async def revise(self, id: str, body: m.Reward) -> m.RewardView:
        """Publish the next revision of a reward."""
        return await self._send(Call("PUT", "/v1/rewards/{}", (id,), m.RewardView, body=body))

    async def stop(self, id: str) -> m.RewardView:
        """Nobody claims it from now on"""
        return await self._send(Call("POST", "/v1/rewards/{}/stop", (id,), m.RewardView))

    async def resume(self, id: str) -> m.RewardView:
        """A stopped reward may be claimed again."""
        return await self._send(Call("POST", "/v1/rewards/{}/resume", (id,), m.RewardView))

    async def stock(self, id: str, body: m.StockChange, *, key: str | None = None) -> m.RewardView:
        """Add so many to the stock, or (below zero) take so many out"""
        return await self._send(
            Call("POST", "/v1/rewards/{}/stock", (id,), m.RewardView, body=body, key=key, named=True)
        )

    async def redeem(self, id: str, body: m.NewRedemption, *, key: str | None = None) -> m.RedemptionView:
        """Claim a reward for the member"""
        return await self._send(
            Call(
                "POST", "/v1/members/{}/redemptions", (id,), m.RedemptionView, body=body, key=key, named=True
            )
        )

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.Redemptions:
        """What the member claimed, and whoever was merged into her, the latest first."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/redemptions",
                (id,),
                m.Redemptions,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def in_state(
        self,
        *,
        state: Literal["cancelled", "claimed", "handed_over", "held", "lapsed", "ready", "shipped"]
        | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.Redemptions:
        """What is in a state, the latest first"""
        return await self._send(
            Call(
                "GET",
                "/v1/redemptions",
                (),
                m.Redemptions,
                query={"state": state, "limit": limit, "cursor": cursor},
            )
        )

    async def show_redemption(self, id: str) -> m.RedemptionView:
        """A redemption"""
        return await self._send(Call("GET", "/v1/redemptions/{}", (id,), m.RedemptionView))

    async def cancel(
        self, id: str, body: m.EndRedemptionCancellation, *, key: str | None = None
    ) -> m.RedemptionView:
        """Give a reward back"""
        return await self._send(
            Call("POST", "/v1/redemptions/{}/cancel", (id,), m.RedemptionView, body=body, key=key, named=True)
        )

    async def confirm(self, id: str, *, key: str | None = None) -> m.RedemptionView:
        """Confirm what was reserved"""
        return await self._send(
            Call("POST", "/v1/redemptions/{}/confirm", (id,), m.RedemptionView, key=key, named=True)
        )

    async def fulfil(self, id: str, body: m.Fulfilment, *, key: str | None = None) -> m.RedemptionView:
        """Say that a claimed reward is ready, was shipped, or was handed over."""
        return await self._send(
            Call("POST", "/v1/redemptions/{}/fulfil", (id,), m.RedemptionView, body=body, key=key, named=True)
        )


class AsyncRhythms:
    """Regularity."""

    def __init__(self, send: Send):
        self._send = send

    async def rhythm(self, id: str) -> m.RhythmView:
        """How regularly the member comes"""
        return await self._send(Call("GET", "/v1/members/{}/rhythm", (id,), m.RhythmView))

    async def overdue(self, *, cursor: str | None = None, limit: int | None = None) -> m.OverduePage:
        """Members who used to come regularly and are overdue, those who just became so first."""
        return await self._send(
            Call("GET", "/v1/overdue", (), m.OverduePage, query={"cursor": cursor, "limit": limit})
        )


class AsyncSimulations:
    """Promotions."""

    def __init__(self, send: Send):
        self._send = send

    async def simulate_document(self, body: m.SimulatingDocument) -> m.Simulation:
        """What a document would have done to the latest receipts, if it had been live beside what is live now."""
        return await self._send(Call("POST", "/v1/promotions/simulate", (), m.Simulation, body=body))

    async def simulate(self, id: str, body: m.Simulating) -> m.Simulation:
        """What the draft would have done to the latest receipts"""
        return await self._send(Call("POST", "/v1/promotions/{}/simulate", (id,), m.Simulation, body=body))

    async def try_document(self, body: m.TryingDocument) -> m.Tried:
        """What a document would do on a basket, beside what is live now."""
        return await self._send(Call("POST", "/v1/promotions/try", (), m.Tried, body=body))

    async def try_basket(self, id: str, body: m.Trying) -> m.Tried:
        """What the draft would do on a basket"""
        return await self._send(Call("POST", "/v1/promotions/{}/try", (id,), m.Tried, body=body))


class AsyncStatements:
    """members."""

    def __init__(self, send: Send):
        self._send = send

    async def paper(
        self, id: str, *, from_: str | None = None, to: str | None = None, language: str | None = None
    ) -> bytes:
        """A member's statement to print or send"""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/statement.pdf",
                (id,),
                bytes,
                query={"from": from_, "to": to, "language": language},
            )
        )


class AsyncSurveys:
    """Games."""

    def __init__(self, send: Send):
        self._send = send

    async def every(self, *, limit: int | None = None, cursor: str | None = None) -> m.Surveys:
        """The quizzes and surveys of the program, the latest first."""
        return await self._send(
            Call("GET", "/v1/surveys", (), m.Surveys, query={"limit": limit, "cursor": cursor})
        )

    async def show(self, code: str) -> m.SurveyView:
        """A quiz or a survey by the revision that counts."""
        return await self._send(Call("GET", "/v1/surveys/{}", (code,), m.SurveyView))

    async def put(self, code: str, body: m.Survey) -> m.SurveyView:
        """Make a quiz or a survey, or change it by a new revision"""
        return await self._send(Call("PUT", "/v1/surveys/{}", (code,), m.SurveyView, body=body))

    async def stop(self, code: str) -> m.SurveyView:
        """Nobody answers it from now on"""
        return await self._send(Call("POST", "/v1/surveys/{}/stop", (code,), m.SurveyView))

    async def resume(self, code: str) -> m.SurveyView:
        """A stopped survey is answered again."""
        return await self._send(Call("POST", "/v1/surveys/{}/resume", (code,), m.SurveyView))

    async def results(self, code: str) -> m.Results:
        """How often each answer was given, and the texts of the latest 500"""
        return await self._send(Call("GET", "/v1/surveys/{}/results", (code,), m.Results))

    async def results_csv(self, code: str) -> bytes:
        """Every answer as a line, without whose it is"""
        return await self._send(Call("GET", "/v1/surveys/{}/results.csv", (code,), bytes))

    async def of_member(
        self, id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> m.OpenSurveys:
        """The quizzes and surveys that are open for a member, and whether she has answered."""
        return await self._send(
            Call(
                "GET",
                "/v1/members/{}/surveys",
                (id,),
                m.OpenSurveys,
                query={"limit": limit, "cursor": cursor},
            )
        )

    async def answer(self, id: str, body: m.NewAnswers, *, key: str | None = None) -> m.AnsweredView:
        """Answer for the member, once"""
        return await self._send(
            Call("POST", "/v1/members/{}/answers", (id,), m.AnsweredView, body=body, key=key, named=True)
        )


class AsyncVouchers:
    """vouchers."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewVouchers, *, key: str | None = None) -> m.VoucherBatchView:
        """Make a batch of vouchers"""
        return await self._send(
            Call("POST", "/v1/voucher-batches", (), m.VoucherBatchView, body=body, key=key, named=True)
        )

    async def batches(self, *, limit: int | None = None, cursor: str | None = None) -> m.VoucherBatches:
        """The program's voucher batches, the latest first"""
        return await self._send(
            Call("GET", "/v1/voucher-batches", (), m.VoucherBatches, query={"limit": limit, "cursor": cursor})
        )

    async def find(self, body: m.Presented) -> m.VoucherView:
        """How a voucher stands"""
        return await self._send(Call("POST", "/v1/vouchers/find", (), m.VoucherView, body=body))

    async def redeem(self, body: m.Redeeming, *, key: str | None = None) -> m.Redeemed:
        """Redeem a voucher outside a purchase"""
        return await self._send(
            Call("POST", "/v1/vouchers/redeem", (), m.Redeemed, body=body, key=key, named=True)
        )

    async def block(self, body: m.Blocking) -> m.VoucherView:
        """A voucher was lost"""
        return await self._send(Call("POST", "/v1/vouchers/block", (), m.VoucherView, body=body))

    async def unblock(self, body: m.Blocking) -> m.VoucherView:
        """A blocked voucher was found"""
        return await self._send(Call("POST", "/v1/vouchers/unblock", (), m.VoucherView, body=body))

    async def transfer(self, id: str, body: m.Handing, *, key: str | None = None) -> m.VoucherView:
        """The member gives a personal voucher to another member, where its definition lets her."""
        return await self._send(
            Call(
                "POST",
                "/v1/members/{}/vouchers/transfer",
                (id,),
                m.VoucherView,
                body=body,
                key=key,
                named=True,
            )
        )


class AsyncWallets:
    """cards."""

    def __init__(self, send: Send):
        self._send = send

    async def apple_pass(
        self, id: str, *, kind: Literal["aztec", "code128", "pdf417", "qr"] | None = None
    ) -> bytes:
        """A card as a pass for Apple Wallet, signed by the operator's certificate."""
        return await self._send(Call("GET", "/v1/cards/{}/pass.pkpass", (id,), bytes, query={"kind": kind}))

    async def google_link(self, id: str) -> m.SaveLink:
        """A link that saves a card to Google Wallet, to be opened on the phone"""
        return await self._send(Call("GET", "/v1/cards/{}/google-wallet", (id,), m.SaveLink))


class AsyncWebhooks:
    """Webhooks."""

    def __init__(self, send: Send):
        self._send = send

    async def create(self, body: m.NewWebhook, *, key: str | None = None) -> m.WebhookView:
        """Be told of what happens from now on"""
        return await self._send(
            Call("POST", "/v1/webhooks", (), m.WebhookView, body=body, key=key, named=True)
        )

    async def listed(self, *, limit: int | None = None, cursor: str | None = None) -> m.Webhooks:
        """Every webhook of the program"""
        return await self._send(
            Call("GET", "/v1/webhooks", (), m.Webhooks, query={"limit": limit, "cursor": cursor})
        )

    async def read(self, id: str) -> m.WebhookView:
        """One webhook"""
        return await self._send(Call("GET", "/v1/webhooks/{}", (id,), m.WebhookView))

    async def change(self, id: str, body: m.WebhookChange) -> m.WebhookView:
        """Change a webhook"""
        return await self._send(Call("PATCH", "/v1/webhooks/{}", (id,), m.WebhookView, body=body))

    async def remove(self, id: str) -> m.Removed:
        """End a webhook"""
        return await self._send(Call("DELETE", "/v1/webhooks/{}", (id,), m.Removed))

    async def rotate(self, id: str, *, key: str | None = None) -> m.WebhookView:
        """Give it a new secret."""
        return await self._send(
            Call("POST", "/v1/webhooks/{}/rotate", (id,), m.WebhookView, key=key, named=True)
        )

    async def send(self, id: str, *, key: str | None = None) -> m.WebhookDeliveriesDeliveryView:
        """Send it a `webhook.test`"""
        return await self._send(
            Call("POST", "/v1/webhooks/{}/test", (id,), m.WebhookDeliveriesDeliveryView, key=key, named=True)
        )

    async def sent(
        self,
        id: str,
        *,
        state: Literal["dead", "delivered", "waiting"] | None = None,
        event: str | None = None,
        member: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> m.DeliveryPage:
        """What was sent to it, or is to be, the newest first"""
        return await self._send(
            Call(
                "GET",
                "/v1/webhooks/{}/deliveries",
                (id,),
                m.DeliveryPage,
                query={"state": state, "event": event, "member": member, "limit": limit, "cursor": cursor},
            )
        )

    async def delivery(self, id: str) -> m.WebhookDeliveriesDeliveryView:
        """One delivery"""
        return await self._send(
            Call("GET", "/v1/webhooks/deliveries/{}", (id,), m.WebhookDeliveriesDeliveryView)
        )

    async def replay(self, id: str, *, key: str | None = None) -> m.WebhookDeliveriesDeliveryView:
        """Send an event once more, or now rather than later"""
        return await self._send(
            Call(
                "POST",
                "/v1/webhooks/deliveries/{}/replay",
                (id,),
                m.WebhookDeliveriesDeliveryView,
                key=key,
                named=True,
            )
        )

    async def replay_range(self, id: str, body: m.Between, *, key: str | None = None) -> m.Replayed:
        """Send once more what was first to be sent between two instants, in the same order"""
        return await self._send(
            Call("POST", "/v1/webhooks/{}/replay", (id,), m.Replayed, body=body, key=key, named=True)
        )


class AsyncOperations:
    """All of them, by group."""

    def __init__(self, send: Send):
        self.access = AsyncAccess(send)
        self.accounts = AsyncAccounts(send)
        self.activity = AsyncActivity(send)
        self.aggregators = AsyncAggregators(send)
        self.approvals = AsyncApprovals(send)
        self.audit = AsyncAudit(send)
        self.card_batches = AsyncCardBatches(send)
        self.cards = AsyncCards(send)
        self.challenges = AsyncChallenges(send)
        self.clubs = AsyncClubs(send)
        self.codes = AsyncCodes(send)
        self.consents = AsyncConsents(send)
        self.drafts = AsyncDrafts(send)
        self.draws = AsyncDraws(send)
        self.enrolment = AsyncEnrolment(send)
        self.entitlements = AsyncEntitlements(send)
        self.exports = AsyncExports(send)
        self.findings = AsyncFindings(send)
        self.games = AsyncGames(send)
        self.gift_cards = AsyncGiftCards(send)
        self.imports = AsyncImports(send)
        self.ladders = AsyncLadders(send)
        self.marks = AsyncMarks(send)
        self.members = AsyncMembers(send)
        self.memberships = AsyncMemberships(send)
        self.merging = AsyncMerging(send)
        self.occasions = AsyncOccasions(send)
        self.offline = AsyncOffline(send)
        self.packs = AsyncPacks(send)
        self.passing = AsyncPassing(send)
        self.personal_data = AsyncPersonalData(send)
        self.programs = AsyncPrograms(send)
        self.promotions = AsyncPromotions(send)
        self.purchases = AsyncPurchases(send)
        self.referrals = AsyncReferrals(send)
        self.rewards = AsyncRewards(send)
        self.rhythms = AsyncRhythms(send)
        self.simulations = AsyncSimulations(send)
        self.statements = AsyncStatements(send)
        self.surveys = AsyncSurveys(send)
        self.vouchers = AsyncVouchers(send)
        self.wallets = AsyncWallets(send)
        self.webhooks = AsyncWebhooks(send)
