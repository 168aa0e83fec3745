"""Ready programs to begin from: settings, what members are asked and shown, and which promotions run."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct


class ProgramTemplate(Struct, frozen=True, forbid_unknown_fields=True):
    """A ready program."""

    code: str
    place: int
    """Where it stands among the others."""
    names: dict[str, str]
    """The trade it is for, by language."""
    about: dict[str, str]
    """What it sets, in a sentence, by language."""
    settings: dict[str, Any]
    questionnaire: dict[str, Any]
    wordings: tuple[dict[str, Any], ...]
    promotions: tuple[str, ...]
    """Codes of ready promotions."""
    goods: tuple[dict[str, Any], ...]
    """Products to try the till with, as `POST /v1/products` takes them."""

    def spoken(self, languages: tuple[str, ...]) -> ProgramTemplate:
        """The same with texts in these languages alone."""
        return ProgramTemplate(
            self.code,
            self.place,
            self.names,
            self.about,
            self.settings,
            _spoken(self.questionnaire, languages),
            tuple(_spoken(wording, languages) for wording in self.wordings),
            self.promotions,
            self.goods,
        )


@lru_cache(maxsize=1)
def program_templates() -> dict[str, ProgramTemplate]:
    """All of them by code; read once."""
    folder = resources.files("regulars.programs").joinpath("templates")
    files = [path for path in folder.iterdir() if path.name.endswith(".json")]
    found = [msgspec.json.decode(path.read_bytes(), type=ProgramTemplate) for path in files]
    return {template.code: template for template in sorted(found, key=lambda template: template.place)}


def _spoken(value: Any, languages: tuple[str, ...]) -> Any:
    """Texts by language (`labels`, `texts`) with the others left out."""
    if isinstance(value, dict):
        return {
            name: {code: text for code, text in inner.items() if code in languages}
            if name in ("labels", "texts")
            else _spoken(inner, languages)
            for name, inner in value.items()
        }
    return [_spoken(inner, languages) for inner in value] if isinstance(value, list) else value
