"""How a program speaks: a language together with the program's names for its points and stores."""

from __future__ import annotations

from functools import lru_cache

from regulars import i18n
from regulars.i18n import ProgramWords
from regulars.programs.model import Program


def speakers(program: Program) -> dict[str, ProgramWords]:
    """Language → words, for every language that is complete."""
    currencies = {code: (currency.names, currency.scale) for code, currency in program.currencies.items()}
    stores = {store.code: store.name for store in program.stores.values()}
    return {code: ProgramWords(i18n.language(code), currencies, stores) for code in i18n.COMPLETE}


@lru_cache(maxsize=4096)
def chosen(languages: tuple[str, ...], accept: str | None, member: str) -> str:
    """The language of the request (`Accept-Language`), else the member's, else the program's first."""
    return i18n.pick((member, *languages), accept=accept).code
