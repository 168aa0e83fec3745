"""Languages: translations read from `.po` files; how money, points, numbers, dates, plurals are written."""

from __future__ import annotations

import gettext as _gettext
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from uuid import UUID

from babel import Locale, dates, numbers
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from regulars.texts import said
from regulars.units import money_scale

COMPLETE = ("en", "lv", "ru", "et", "hu")
"""The languages whose catalogue is whole; a page is offered in these alone."""

SOURCE = "en"
"""The language that the messages in the code are written in."""

REGIONS = {"en": "en_GB", "lv": "lv_LV", "ru": "ru", "et": "et_EE", "hu": "hu_HU"}
"""Whose habits of writing numbers and dates are followed."""

OWN_NAMES = {"en": "English", "lv": "Latviešu", "ru": "Русский", "et": "Eesti", "hu": "Magyar"}
"""How each language calls itself."""

SHORT_DATES = {"en": "d MMM y", "hu": "y.\u00a0MM.\u00a0dd."}
"""Dates in columns, which do not break over lines where they have dots and spaces; elsewhere 14.03.2027."""

THIN_SPACE = "\u202f"
MINUS = "\u2212"
PLURAL_SAMPLES = (0, 1, 2, 3, 5, 10, 11, 21, 100)


def sentence(text: str) -> str:
    """The text as a sentence begins: with a capital, where it begins with a letter."""
    return text[:1].upper() + text[1:]


def N_(message: str) -> str:  # noqa: N802 - the gettext mark that Babel knows
    """Marks a text that is translated where it is used."""
    return message


Names = Mapping[str, Mapping[str, str]]
"""By language, the plural forms by CLDR category."""


@dataclass(frozen=True)
class Language:
    """One language: what messages say in it, and how amounts and times are written."""

    code: str
    locale: Locale
    translations: _gettext.NullTranslations = field(repr=False, compare=False)

    def gettext(self, message: str) -> str:
        """The message in this language; the message itself where it has no translation."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The form that goes with `n`."""
        return self.translations.ngettext(one, many, n)

    def plural_forms(self, one: str, many: str) -> dict[str, str]:
        """Every form of a message by CLDR category, for a page that counts by itself."""
        forms = {self.plural(n): self.ngettext(one, many, n) for n in reversed(PLURAL_SAMPLES)}
        forms.setdefault("other", self.ngettext(one, many, 2))  # ru: a broken number takes the form of two
        return forms

    def plural(self, amount: int | Decimal) -> str:
        """The CLDR category of a number: zero, one, two, few, many or other."""
        return self.locale.plural_form(amount)

    def number(self, value: int | Decimal, *, decimals: int = 0, signed: bool = False) -> str:
        """A number with thin spaces for thousands and `decimals` digits after the point."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = numbers.format_decimal(abs(value), format=pattern, locale=self.locale)
        return _sign(value, signed) + self._spaced(text)

    def quantity(self, thousandths: int) -> str:
        """A quantity without needless zeros: 2, or 0,325."""
        text = numbers.format_decimal(
            Decimal(abs(thousandths)).scaleb(-3), format="#,##0.###", locale=self.locale
        )
        return _sign(thousandths, False) + self._spaced(text)

    def money(self, amount: int, currency: str, *, signed: bool = False) -> str:
        """Minor units as the locale writes money: `10,50 €`, `€10.50`."""
        before, point, after = _money_shape(self.locale, currency)
        scale = money_scale(currency)
        whole, rest = divmod(abs(amount), 10**scale)
        text = f"{whole:,}".replace(",", THIN_SPACE)
        return f"{_sign(amount, signed)}{before}{text}{f'{point}{rest:0{scale}d}' if scale else ''}{after}"

    def points(self, amount: int, names: Names, *, scale: int = 0, signed: bool = False) -> str:
        """An amount of points with the name that goes with it: `1 punkts`, `2 punkti`."""
        value = Decimal(amount).scaleb(-scale) if scale else amount
        name = self.points_name(abs(value), names)
        number = self.number(value, decimals=scale, signed=signed)
        return f"{number}\u00a0{name}" if name else number

    def text_of(self, texts: Mapping[str, str]) -> str:
        """Of a text by language: the one in this language, else in English, else in any."""
        return said(texts, self.code, SOURCE)

    def points_name(self, amount: int | Decimal, names: Names) -> str:
        """The name of that many points: in this language, else in English, else in any."""
        forms = names.get(self.code) or names.get(SOURCE) or next(iter(names.values()), {})
        return forms.get(self.plural(amount)) or forms.get("other") or next(iter(forms.values()), "")

    def percent(self, share: Decimal | float, *, decimals: int = 0) -> str:
        """A share of one as a percentage: 0.153 is `15 %` or `15%`, as the locale has it."""
        pattern = self.locale.percent_formats[None].pattern
        digits = "#,##0" + ("." + "0" * decimals if decimals else "")
        shape = "{}\u00a0%" if "\u00a0" in pattern or " " in pattern else "{}%"
        hundredfold = Decimal(str(share)) * 100
        text = numbers.format_decimal(abs(hundredfold), format=digits, locale=self.locale)
        return _sign(hundredfold, False) + shape.format(self._spaced(text))

    def date(self, day: date | datetime, zone: tzinfo | None = None) -> str:
        """A whole date: `14 March 2027`, `2027. gada 14. marts`."""
        return dates.format_date(_local(day, zone), "long", locale=self.locale)

    def short_date(self, day: date | datetime, zone: tzinfo | None = None) -> str:
        """A date for columns: `14 Mar 2027`, `14.03.2027`."""
        pattern = SHORT_DATES.get(self.code, "dd.MM.y")
        return dates.format_date(_local(day, zone), pattern, locale=self.locale)

    def day(self, day: date | datetime, zone: tzinfo | None = None, *, begins: bool = True) -> str:
        """A day with its weekday, without the year: `Sun 14 Mar`, `Svētd., 14. marts`.

        It `begins` a sentence or a row, or stands within one: many languages write that small.
        """
        text = dates.format_skeleton("MMMEd", _local(day, zone), locale=self.locale)
        return sentence(text) if begins else text

    def month(self, day: date | datetime, zone: tzinfo | None = None) -> str:
        """A month of a year: `March 2027`, `2027. g. marts`."""
        return sentence(dates.format_skeleton("yMMMM", _local(day, zone), locale=self.locale))

    def time(self, at: datetime, zone: tzinfo | None = None) -> str:
        """Hours and minutes, by 24 hours."""
        return dates.format_time(at.astimezone(zone) if zone else at, "HH:mm", locale=self.locale)

    def moment(self, at: datetime, zone: tzinfo | None = None) -> str:
        """Date and time for columns."""
        return f"{self.short_date(at, zone)} {self.time(at, zone)}"

    def weekday(self, day: int) -> str:
        """1 Monday … 7 Sunday."""
        return dates.get_day_names("wide", locale=self.locale)[day - 1]

    def joined(self, items: Sequence[str], *, either: bool = False) -> str:
        """Words as a list: `a, b and c`, or `a, b or c`."""
        return format_list(items, style="or" if either else "standard", locale=self.locale)

    def sorting_key(self, text: str) -> tuple[str, str]:
        """Sorts letters with marks beside those without: ā after a, before b."""
        folded = unicodedata.normalize("NFKD", text.casefold())
        if folded.isascii():
            return folded, text
        return "".join(c for c in folded if not unicodedata.combining(c)), text

    def _spaced(self, text: str) -> str:
        group = re.escape(numbers.get_group_symbol(self.locale))
        return re.sub(rf"(?<=\d){group}(?=\d)", THIN_SPACE, text)


@dataclass(frozen=True)
class ProgramWords:
    """A language together with what one program calls its points, stores and goods: how promotions speak."""

    spoken: Language
    currencies: Mapping[str, tuple[Names, int]]
    """Points currency → its names and its scale."""
    stores: Mapping[str, str] = field(default_factory=dict)
    """Code → name."""
    goods_names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Facet (sku, category, tag, brand) and code → name."""
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Kind (partner, group, audience, club, tier, channel, payment) and code → name."""
    remembered: dict[tuple[UUID, int], str] = field(
        default_factory=dict[tuple[UUID, int], str], compare=False
    )
    """What each revision of a promotion gives, once it was worded."""

    @property
    def language(self) -> str:
        """The code of the language."""
        return self.spoken.code

    def gettext(self, message: str, /) -> str:
        """The message in this language."""
        return self.spoken.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """The form that goes with `n`."""
        return self.spoken.ngettext(singular, plural, n)

    def money(self, amount: int, currency: str, /) -> str:
        """Minor units as people write them."""
        return self.spoken.money(amount, currency)

    def points(self, amount: int, currency: str, /) -> str:
        """An amount of a points currency with its name; its code where the program does not have it."""
        known = self.currencies.get(currency)
        if known is None:
            return f"{self.spoken.number(amount)}\u00a0{currency}"
        names, scale = known
        return self.spoken.points(amount, names, scale=scale)

    def percent(self, percent: str, /) -> str:
        """A decimal string of per cent."""
        decimals = len(percent.partition(".")[2])
        return self.spoken.percent(Decimal(percent) / 100, decimals=decimals)

    def number(self, number: str, /) -> str:
        """A decimal string as people write it; nothing stays nothing."""
        return self.spoken.number(Decimal(number), decimals=len(number.partition(".")[2])) if number else ""

    def weekday(self, day: int, /) -> str:
        """1 Monday … 7 Sunday."""
        return self.spoken.weekday(day)

    def time(self, time: str, /) -> str:
        """HH:MM is written so in all our languages."""
        return time

    def full_date(self, day: date, /) -> str:
        """A whole date: `14 March 2027`."""
        return self.spoken.date(day)

    def moment(self, at: datetime, /) -> str:
        """A date and a time on a wall clock."""
        return self.spoken.moment(at)

    def language_name(self, code: str, /) -> str:
        """What a language is called, or its code."""
        return self.spoken.locale.languages.get(code, code)

    def goods(self, facet: str, code: str, /) -> str:
        """The name of a product, category, tag, brand or attribute, or the last part of its code."""
        return self.goods_names.get((facet, code)) or code.rsplit("/", 1)[-1]

    def store(self, code: str, /) -> str:
        """The name of a store, or its code."""
        return self.stores.get(code, code)

    def named(self, kind: str, code: str, /) -> str:
        """The name of a partner, club, tier and the like; a code without one in plain letters."""
        found = self.names.get((kind, code))
        return found or code.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ")

    def joined(self, items: Sequence[str], /, *, either: bool = False) -> str:
        """a, b and c; with `either`: a, b or c."""
        return self.spoken.joined(items, either=either)


@lru_cache(maxsize=len(REGIONS))
def language(code: str) -> Language:
    """The language of that code; English where we do not have it."""
    if code not in COMPLETE:
        code = SOURCE
    return Language(code, Locale.parse(REGIONS[code]), _translations(code))


def pick(offered: Iterable[str], *wishes: str | None, accept: str | None = None) -> Language:
    """The first wish that we have, else the first of the Accept-Language header, else the first offered."""
    for wish in wishes:
        if wish in COMPLETE:
            return language(wish)
    for code in _accepted(accept or ""):
        if code in COMPLETE:
            return language(code)
    return language(next((code for code in offered if code in COMPLETE), SOURCE))


def translate(code: str, message: str) -> str:
    """A message in a language: short for `language(code).gettext(message)`."""
    return language(code).gettext(message)


@lru_cache(maxsize=1000)
def _money_shape(locale: Locale, currency: str) -> tuple[str, str, str]:
    """What stands before an amount, at its decimal point, and after it; asked of Babel once, as asking takes 50 µs."""
    scale = money_scale(currency)
    text = numbers.format_currency(
        Decimal(1) + Decimal(1).scaleb(-scale) if scale else Decimal(1),
        currency,
        locale=locale,
        currency_digits=False,
        format=_with_decimals(locale, scale),
    ).replace("EUR", "€")  # Hungarian by CLDR: 6,20 EUR
    first, last = text.index("1"), text.rindex("1")
    point = text[first + 1 : last - scale + 1] if scale else ""
    return text[:first], point, text[last + 1 :]


def _translations(code: str) -> _gettext.NullTranslations:
    if code == SOURCE:
        return _gettext.NullTranslations()
    source = resources.files("regulars").joinpath("locale", code, "LC_MESSAGES", "regulars.po")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def _accepted(header: str) -> list[str]:
    """The language codes of an Accept-Language header, the most wanted first."""
    weighed: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1) if parameter else 1.0
        except ValueError:
            continue
        if weight > 0:
            weighed.append((-weight, place, tag.split("-")[0].lower()))
    return [code for _, _, code in sorted(weighed)]


def _local(at: date | datetime, zone: tzinfo | None) -> date:
    return at.astimezone(zone) if zone is not None and isinstance(at, datetime) else at


def _sign(amount: int | Decimal, always: bool) -> str:
    if amount < 0:
        return MINUS
    return "+" if always and amount > 0 else ""


@lru_cache(maxsize=64)
def _with_decimals(locale: Locale, scale: int) -> str:
    """The locale's own money pattern with as many decimals as the currency has."""
    pattern = locale.currency_formats["standard"].pattern.split(";")[0]
    digits = "0." + "0" * scale if scale else "0"
    head, point, tail = pattern.partition("0.00")
    return head + digits + tail if point else pattern
