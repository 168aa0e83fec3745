"""How a program speaks: a language together with the program's names for its points, stores, partners, clubs, tiers."""

from __future__ import annotations

from functools import lru_cache

from regulars import i18n
from regulars.i18n import Language, ProgramWords
from regulars.programs.model import Program


def speakers(program: Program) -> dict[str, ProgramWords]:
    """Language → words, for every language that is complete."""
    currencies = {code: (currency.names, currency.scale) for code, currency in program.currencies.items()}
    stores = {store.code: store.name for store in program.stores.values()}

    def spoken(code: str) -> ProgramWords:
        language = i18n.language(code)
        return ProgramWords(language, currencies, stores, names=_names(program, language))

    return {code: spoken(code) for code in i18n.COMPLETE}


def _names(program: Program, language: Language) -> dict[tuple[str, str], str]:
    """Kind and code → name, of what promotions name by codes."""
    partners = {("partner", partner.code): partner.name for partner in program.partners.values()}
    return partners | {
        (kind, code): language.text_of(texts)
        for kind, named in program.settings.names.items()
        for code, texts in named.items()
    }


@lru_cache(maxsize=4096)
def chosen(languages: tuple[str, ...], accept: str | None, member: str) -> str:
    """The language of the request (`Accept-Language`), else the member's, else the program's first."""
    return i18n.pick((member, *languages), accept=accept).code
