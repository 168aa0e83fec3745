"""Conditions on who buys: a member, her kind of account, language, audiences, clubs, tiers, consents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from regulars.promotions.conditions.kind import Condition, Failure, Need, only
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.reads import Consents, Marks, Profile, Read
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words, any_of

Name = Annotated[str, Meta(min_length=1, max_length=63)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1000)]


class Member(Condition, frozen=True, tag="member"):
    """The customer was recognised: by card, phone, email or otherwise."""

    title: ClassVar[str] = N_("Member present")
    help: ClassVar[str] = N_("Only for members: whoever shows a card, a phone number or a code.")
    example: ClassVar[dict[str, Any]] = {"kind": "member"}
    hard: ClassVar[bool] = False
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        return None if scene.standing.member else MEMBER_REQUIRED

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("for members")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "member_required":
            return None
        return words.gettext("With a card or a phone number: {give}").format(give=give)


MEMBER_REQUIRED = Failure("member_required", near=True)
NO_MEMBER = Failure("member_required")
"""Who she is might not help: it is no near miss."""


class AccountKind(Condition, frozen=True, tag="account_kind"):
    """The account that the customer buys for is one of these kinds: a person's, a household's, a company's."""

    kinds: Annotated[tuple[Literal["person", "household", "company"], ...], Meta(min_length=1, max_length=3)]

    title: ClassVar[str] = N_("Kind of account")
    help: ClassVar[str] = N_("Only for private customers, households or companies.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "kinds": {
            "person": N_("Private customers"),
            "household": N_("Households"),
            "company": N_("Companies"),
        }
    }
    labels: ClassVar[dict[str, str]] = {"kinds": N_("Kinds")}
    example: ClassVar[dict[str, Any]] = {"kind": "account_kind", "kinds": ["company"]}
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        if scene.standing.account in self.kinds:
            return None
        return Failure("account_kind_not_included", {"kinds": list(self.kinds)})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"account:{kind}" for kind in self.kinds),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"account:{standing.account}"]

    def reads(self) -> Iterable[Read]:
        yield Profile("account")

    def describe(self, words: Words, currency: str) -> str:
        return _kinds_text(self.kinds, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "account_kind_not_included":
            return None
        return only(_kinds_text(refusal.facts["kinds"], words), give, words)


class Language(Condition, frozen=True, tag="language"):
    """The customer is spoken to in one of these languages (codes: lv, en)."""

    languages: Annotated[
        tuple[Annotated[str, Meta(pattern="^[a-z]{2,3}$")], ...], Meta(min_length=1, max_length=50)
    ]

    title: ClassVar[str] = N_("Language")
    help: ClassVar[str] = N_("Only for customers who are spoken to in these languages.")
    inputs: ClassVar[dict[str, str]] = {"languages": "languages"}
    labels: ClassVar[dict[str, str]] = {"languages": N_("Languages")}
    example: ClassVar[dict[str, Any]] = {"kind": "language", "languages": ["lv", "ru"]}
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        if scene.standing.language in self.languages:
            return None
        return Failure("language_not_included", {"languages": list(self.languages[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"language:{code}" for code in self.languages),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"language:{standing.language}"]

    def reads(self) -> Iterable[Read]:
        yield Profile("language")

    def describe(self, words: Words, currency: str) -> str:
        return _speaking(self.languages, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "language_not_included":
            return None
        return only(_speaking(refusal.facts["languages"], words), give, words)


class Audience(Condition, frozen=True, tag="audience"):
    """The customer belongs to one of these audiences, as a CRM marked her."""

    audiences: Names

    title: ClassVar[str] = N_("Audience")
    help: ClassVar[str] = N_("Only for members of these audiences, as a CRM or a list marked them.")
    inputs: ClassVar[dict[str, str]] = {"audiences": "audiences"}
    labels: ClassVar[dict[str, str]] = {"audiences": N_("Audiences")}
    example: ClassVar[dict[str, Any]] = {"kind": "audience", "audiences": ["young-families"]}
    personal: ClassVar[bool] = True
    told_by_keys: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        return None if not scene.standing.audiences.isdisjoint(self.audiences) else _NOT_IN_AUDIENCE

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"audience:{code}" for code in self.audiences),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"audience:{code}" for code in standing.audiences] if standing.member else ()

    def reads(self) -> Iterable[Read]:
        yield Marks()

    def describe(self, words: Words, currency: str) -> str:
        audiences = any_of("audience", self.audiences, words)
        return words.gettext("for the audience {audiences}").format(audiences=audiences)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        """It does not say of which audience one would have to be: that is nobody's business at a till."""
        if refusal.code != "not_in_audience":
            return None
        return words.gettext("For chosen customers only: {give}").format(give=give)


_NOT_IN_AUDIENCE = Failure("not_in_audience")


class Club(Condition, frozen=True, tag="club"):
    """The customer is in one of these clubs."""

    clubs: Names

    title: ClassVar[str] = N_("Club")
    help: ClassVar[str] = N_("Only for members of these clubs.")
    inputs: ClassVar[dict[str, str]] = {"clubs": "clubs"}
    labels: ClassVar[dict[str, str]] = {"clubs": N_("Clubs")}
    example: ClassVar[dict[str, Any]] = {"kind": "club", "clubs": ["wine"]}
    personal: ClassVar[bool] = True
    told_by_keys: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        if not scene.standing.clubs.isdisjoint(self.clubs):
            return None
        return Failure("not_in_club", {"clubs": list(self.clubs[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"club:{code}" for code in self.clubs),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"club:{code}" for code in standing.clubs] if standing.member else ()

    def reads(self) -> Iterable[Read]:
        yield Marks()

    def describe(self, words: Words, currency: str) -> str:
        return _in_club(self.clubs, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "not_in_club":
            return None
        return only(_in_club(refusal.facts["clubs"], words), give, words)


class Tier(Condition, frozen=True, tag="tier"):
    """The customer is in one of these tiers of a ladder."""

    ladder: Name
    tiers: Names

    title: ClassVar[str] = N_("Tier")
    help: ClassVar[str] = N_("Only for members in these tiers, such as gold.")
    inputs: ClassVar[dict[str, str]] = {"ladder": "ladders", "tiers": "tiers"}
    labels: ClassVar[dict[str, str]] = {"ladder": N_("Ladder"), "tiers": N_("Tiers")}
    example: ClassVar[dict[str, Any]] = {"kind": "tier", "ladder": "status", "tiers": ["gold", "platinum"]}
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        if scene.standing.tiers.get(self.ladder) in self.tiers:
            return None
        return Failure("tier_not_included", {"ladder": self.ladder, "tiers": list(self.tiers[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"tier:{self.ladder}/{tier}" for tier in self.tiers),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"tier:{ladder}/{tier}" for ladder, tier in standing.tiers.items()]

    def reads(self) -> Iterable[Read]:
        yield Marks()

    def describe(self, words: Words, currency: str) -> str:
        return _in_tier(self.ladder, self.tiers, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "tier_not_included":
            return None
        return only(_in_tier(refusal.facts["ladder"], refusal.facts["tiers"], words), give, words)


class Consent(Condition, frozen=True, tag="consent"):
    """The customer agrees to be spoken to on this channel for this purpose."""

    channel: Literal["email", "sms", "phone", "post", "push"]
    purpose: Annotated[str, Meta(pattern="^[a-z0-9_.-]{1,64}$")] = "marketing"

    title: ClassVar[str] = N_("Consent given")
    help: ClassVar[str] = N_("Only for members who agreed to be written to or called.")
    inputs: ClassVar[dict[str, str]] = {"purpose": "purposes"}
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "channel": {
            "email": N_("Email"),
            "sms": N_("Text messages"),
            "phone": N_("Calls"),
            "post": N_("Letters"),
            "push": N_("Notifications"),
        }
    }
    labels: ClassVar[dict[str, str]] = {"channel": N_("Channel"), "purpose": N_("Purpose")}
    example: ClassVar[dict[str, Any]] = {"kind": "consent", "channel": "email", "purpose": "marketing"}
    personal: ClassVar[bool] = True

    def decide(self, scene: Scene) -> Failure | None:
        if not scene.standing.member:
            return NO_MEMBER
        if f"{self.channel}/{self.purpose}" in scene.standing.consents:
            return None
        return Failure("consent_missing", {"channel": self.channel})

    def reads(self) -> Iterable[Read]:
        yield Consents()

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext(_AGREED[self.channel])

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "consent_missing":
            return None
        channel: str = refusal.facts["channel"]
        return only(words.gettext(_AGREED[channel]), give, words)


_AGREED = {
    "email": N_("for customers who agreed to emails"),
    "sms": N_("for customers who agreed to text messages"),
    "phone": N_("for customers who agreed to calls"),
    "post": N_("for customers who agreed to letters"),
    "push": N_("for customers who agreed to notifications"),
}
_KINDS = {
    "person": N_("for private customers"), "household": N_("for households"), "company": N_("for companies"),
}  # fmt: skip


def _kinds_text(kinds: Iterable[str], words: Words) -> str:
    return words.joined([words.gettext(_KINDS[kind]) for kind in kinds], either=True)


def _speaking(codes: Iterable[str], words: Words) -> str:
    names = words.joined([words.language_name(code) for code in codes], either=True)
    return words.gettext("for customers whose language is {languages}").format(languages=names)


def _in_club(codes: Sequence[str], words: Words) -> str:
    return words.gettext("for the club {clubs}").format(clubs=any_of("club", codes, words))


def _in_tier(ladder: str, codes: Sequence[str], words: Words) -> str:
    tiers = any_of("tier", [f"{ladder}/{code}" for code in codes], words)
    return words.gettext("for {tiers} customers").format(tiers=tiers)
