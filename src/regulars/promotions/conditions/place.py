"""Conditions on where a purchase is made: the store, its partner, the channel, the till."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from regulars.promotions.conditions.kind import Condition, Failure, Need, only
from regulars.promotions.goods import Code, Codes
from regulars.promotions.model import Basket, Standing
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words, any_of

Few = Annotated[tuple[Code, ...], Meta(min_length=1, max_length=1000)]


class Store(Condition, frozen=True, tag="store"):
    """The purchase is made in one of these stores, or of these groups of stores (codes)."""

    stores: Codes = ()
    groups: Codes = ()

    title: ClassVar[str] = N_("Store")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Only in these stores, or groups of stores.")
    inputs: ClassVar[dict[str, str]] = {"stores": "stores", "groups": "store_groups"}
    labels: ClassVar[dict[str, str]] = {"stores": N_("Stores"), "groups": N_("Groups of stores")}
    example: ClassVar[dict[str, Any]] = {"kind": "store", "stores": ["riga-1", "riga-2"]}
    told_by_keys: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.stores and not self.groups:
            raise ValueError("a store or a group of stores is needed")

    def decide(self, scene: Scene) -> Failure | None:
        basket = scene.basket
        if basket.store in self.stores or (
            self.groups and any(g in self.groups for g in basket.store_groups)
        ):
            return None
        return Failure(
            "store_not_included", {"stores": list(self.stores[:3]), "groups": list(self.groups[:3])}
        )

    def needs(self) -> tuple[Need, ...]:
        keys = [f"store:{code}" for code in self.stores] + [f"stores:{code}" for code in self.groups]
        return (tuple(keys),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"store:{basket.store}", *[f"stores:{group}" for group in basket.store_groups]]

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("in {stores}").format(stores=_names(self.stores, self.groups, words))

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "store_not_included":
            return None
        stores = _names(refusal.facts.get("stores", ()), refusal.facts.get("groups", ()), words)
        return words.gettext("In {stores} only: {give}").format(stores=stores, give=give)


class Partner(Condition, frozen=True, tag="partner"):
    """The purchase is made at a store of one of these partners (codes)."""

    partners: Few

    title: ClassVar[str] = N_("Partner")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Only at the stores of these partners.")
    inputs: ClassVar[dict[str, str]] = {"partners": "partners"}
    labels: ClassVar[dict[str, str]] = {"partners": N_("Partners")}
    example: ClassVar[dict[str, Any]] = {"kind": "partner", "partners": ["petrol-co"]}

    def decide(self, scene: Scene) -> Failure | None:
        if scene.basket.partner in self.partners:
            return None
        return Failure("partner_not_included", {"partners": list(self.partners[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"partner:{code}" for code in self.partners),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"partner:{basket.partner}"]

    def describe(self, words: Words, currency: str) -> str:
        return _at_partner(self.partners, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "partner_not_included":
            return None
        return only(_at_partner(refusal.facts["partners"], words), give, words)


class Channel(Condition, frozen=True, tag="channel"):
    """The purchase comes by one of these channels, as the till names them: shop, web, app …"""

    channels: Few

    title: ClassVar[str] = N_("Sales channel")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Only where it is bought this way: in the shop, on the web, in the app.")
    inputs: ClassVar[dict[str, str]] = {"channels": "channels"}
    labels: ClassVar[dict[str, str]] = {"channels": N_("Channels")}
    example: ClassVar[dict[str, Any]] = {"kind": "channel", "channels": ["web", "app"]}

    def decide(self, scene: Scene) -> Failure | None:
        if scene.basket.channel in self.channels:
            return None
        return Failure("channel_not_included", {"channels": list(self.channels[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"channel:{code}" for code in self.channels),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"channel:{basket.channel}"]

    def describe(self, words: Words, currency: str) -> str:
        return _by_channel(self.channels, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "channel_not_included":
            return None
        return only(_by_channel(refusal.facts["channels"], words), give, words)


class Till(Condition, frozen=True, tag="till"):
    """The purchase is made at one of these tills; with a `store` beside it, of that store."""

    tills: Few

    title: ClassVar[str] = N_("Till")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Only at these tills, such as self-service ones.")
    inputs: ClassVar[dict[str, str]] = {"tills": "tills"}
    labels: ClassVar[dict[str, str]] = {"tills": N_("Tills")}
    example: ClassVar[dict[str, Any]] = {"kind": "till", "tills": ["self-1", "self-2"]}

    def decide(self, scene: Scene) -> Failure | None:
        if scene.basket.till in self.tills:
            return None
        return Failure("till_not_included", {"tills": list(self.tills[:3])})

    def needs(self) -> tuple[Need, ...]:
        return (tuple(f"till:{code}" for code in self.tills),)

    @staticmethod
    def keys_of(basket: Basket, standing: Standing) -> Iterable[str]:
        return [f"till:{basket.till}"]

    def describe(self, words: Words, currency: str) -> str:
        return _at_till(self.tills, words)

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        if refusal.code != "till_not_included":
            return None
        return only(_at_till(refusal.facts["tills"], words), give, words)


def _at_partner(codes: Sequence[str], words: Words) -> str:
    return words.gettext("at {partners}").format(partners=any_of("partner", codes, words))


def _by_channel(codes: Sequence[str], words: Words) -> str:
    return words.gettext("by {channels}").format(channels=any_of("channel", codes, words))


def _at_till(codes: Sequence[str], words: Words) -> str:
    text = words.ngettext("at till {tills}", "at tills {tills}", len(codes))
    return text.format(tills=words.joined(codes, either=True))


def _names(stores: Iterable[str], groups: Iterable[str], words: Words) -> str:
    names = [words.store(code) for code in stores] + [words.named("group", code) for code in groups]
    return words.joined(names, either=True)
