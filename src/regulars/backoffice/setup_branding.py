"""How the program looks to members: its colour and its picture, shown on the card, the first screen and a receipt."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from typing import Any

from litestar import Response

from regulars import i18n
from regulars.backoffice.office import Pages
from regulars.backoffice.setup_program import change_settings
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import LOGO_PLACES, NUMBER_STYLES
from regulars.errors import InvalidValue, NotFound
from regulars.flows.program_logo import NOT_A_PICTURE, logo_of, put_logo
from regulars.i18n import N_, OWN_NAMES, Language
from regulars.programs.branding import LINE_MAX, LINES_MAX, WELCOME_MAX, Branding
from regulars.programs.logos import BYTES_MAX
from regulars.programs.model import Program
from regulars.web import colours
from regulars.web import pages as rendering

pages = Pages()
PICTURES: dict[str, str] = {
    "card": N_("The card"),
    "door": N_("The first screen"),
    "receipt": N_("A receipt"),
}
READINGS: tuple[tuple[float, str], ...] = (
    (
        colours.TEXT_CONTRAST,
        N_("White text reads well on this colour: a contrast of %(contrast)s, 4.5 are needed."),
    ),
    (
        colours.PARTS_CONTRAST,
        N_(
            "White text is weak on this colour (a contrast of %(contrast)s): the card is drawn a little darker."
        ),
    ),
    (
        0.0,
        N_("White text does not read on this colour (a contrast of %(contrast)s): the card's text is dark."),
    ),
)
"""From which contrast with white on → what is said; the first that holds."""
PREVIEW_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src data:; sandbox",
}
SAMPLE_POINTS, SAMPLE_TOTAL, SAMPLE_OFF = 120, 2450, -250
SAMPLE_DIGITS = "123456789012345"
UPLOAD_BYTES_MAX = BYTES_MAX + 20_000
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@pages.get("/setup/branding", needs="setup.read")
async def branding(visit: Visit) -> Response[Any]:
    """The colour and the picture, and what they look like in every language of the program."""
    accent = visit.program.settings.accent
    if visit.problem is not None and _COLOUR.fullmatch(visit.form("accent").lower()):
        accent = visit.form("accent").lower()
    text = visit.language.gettext
    now = visit.program.settings.branding
    sent = _sent(visit) if visit.problem is not None and visit.form("logo_place") else {}
    return visit.page(
        "setup/branding",
        accent=accent,
        place=sent.get("logo_place", now.logo_place),
        style=sent.get("number_style", now.number_style),
        logo_places=[(code, text(name)) for code, name in LOGO_PLACES],
        number_styles=[(code, text(name)) for code, name in NUMBER_STYLES],
        words=[_words(code, now, sent) for code in visit.program.languages],
        limits={"line": LINE_MAX, "lines": LINES_MAX, "welcome": WELCOME_MAX},
        readings=_readings(visit.language, accent),
        pictures=[(what, text(name)) for what, name in PICTURES.items()],
        languages=[(code, OWN_NAMES[code]) for code in visit.program.languages],
    )


@pages.post("/setup/branding", needs="setup.write", again=branding)
async def save(visit: Visit) -> Response[Any]:
    """Another colour."""
    await change_settings(visit, {"accent": visit.form("accent").lower()})
    return visit.to(
        "/setup/branding", done=visit.language.gettext("Saved; members see it from their next page on.")
    )


@pages.post("/setup/branding/words", needs="setup.write", again=branding)
async def save_words(visit: Visit) -> Response[Any]:
    """Where the logo stands, how a number is printed, and what receipts and the first screen say."""
    await change_settings(visit, {"branding": _sent(visit)})
    return visit.to(
        "/setup/branding", done=visit.language.gettext("Saved; members see it from their next page on.")
    )


@pages.post("/setup/branding/logo", needs="setup.write", again=branding, bytes_max=UPLOAD_BYTES_MAX)
async def save_logo(visit: Visit) -> Response[Any]:
    """Another picture, or none."""
    upload = visit.upload("logo")
    body = await upload.read() if upload is not None else b""
    if not body and visit.form("remove") != "yes":
        raise InvalidValue("/image", NOT_A_PICTURE)
    await put_logo(visit.database, visit.program.id, body, at=await visit.now())
    return visit.to(
        "/setup/branding", done=visit.language.gettext("Saved; members see it from their next page on.")
    )


@pages.get("/setup/branding/preview", needs="setup.read")
async def preview(visit: Visit) -> Response[Any]:
    """A drawing of what members see, in one language, with the colour that is being chosen."""
    what, code = visit.query.get("what", ""), visit.query.get("language", "")
    accent = visit.query.get("accent", "").lower()
    if what not in PICTURES or code not in visit.program.languages:
        raise NotFound("There is no such picture.")
    if not _COLOUR.fullmatch(accent):
        accent = visit.program.settings.accent
    language, program = i18n.language(code), visit.program
    points, shown = program.points, _previewed(visit, code)
    number = program.settings.card_prefix + SAMPLE_DIGITS
    header, footer = (one.splitlines()[:LINES_MAX] for one in (shown["header"], shown["footer"]))
    drawn = rendering.render(
        language,
        "backoffice/setup/picture.html",
        what=what,
        program=program,
        palette=colours.palette(accent),
        logo=await _logo(visit, program),
        place=shown["place"],
        number=Branding(number_style=shown["style"]).printed(number[: program.settings.card_digits]),
        header=[line[:LINE_MAX] for line in header],
        footer=[line[:LINE_MAX] for line in footer],
        welcome=shown["welcome"][:WELCOME_MAX],
        balance=language.points(SAMPLE_POINTS, points.names, scale=points.scale) if points else "",
        total=language.money(SAMPLE_TOTAL, program.base_currency),
        off=language.money(SAMPLE_OFF, program.base_currency, signed=True),
    )
    return Response(drawn, media_type="image/svg+xml", headers=PREVIEW_HEADERS)


async def _logo(visit: Visit, program: Program) -> str:
    """The picture as a drawing may hold it; empty: there is none."""
    found = await logo_of(visit.database, program)
    if found is None:
        return ""
    return f"data:{found.media_type};base64,{base64.b64encode(found.body).decode()}"


def _words(code: str, now: Branding, sent: dict[str, Any]) -> dict[str, str]:
    """The texts of a language as the form shows them."""
    header, footer, welcome = (
        sent.get(name, getattr(now, name)).get(code, ())
        for name in ("receipt_header", "receipt_footer", "welcome")
    )
    lines = {"header": "\n".join(header), "footer": "\n".join(footer)}
    return {"code": code, "own": OWN_NAMES[code], "welcome": welcome or "", **lines}


def _sent(visit: Visit) -> dict[str, Any]:
    """The form's branding, as the API takes it."""
    texts: dict[str, dict[str, Any]] = {"receipt_header": {}, "receipt_footer": {}, "welcome": {}}
    for code in visit.program.languages:
        for name, field in (("receipt_header", "header"), ("receipt_footer", "footer")):
            lines = [line.strip() for line in visit.form(f"{field}-{code}").splitlines() if line.strip()]
            if lines:
                texts[name][code] = lines
        if welcome := visit.form(f"welcome-{code}").strip():
            texts["welcome"][code] = welcome
    return {"logo_place": visit.form("logo_place"), "number_style": visit.form("number_style"), **texts}


def _previewed(visit: Visit, code: str) -> dict[str, Any]:
    """What is being chosen, else what is in force."""
    now, query = visit.program.settings.branding, visit.query
    place, style = query.get("place"), query.get("style")
    known = {"place": dict(LOGO_PLACES), "style": dict(NUMBER_STYLES)}
    kept = _words(code, now, {})
    return {
        "place": place if place in known["place"] else now.logo_place,
        "style": style if style in known["style"] else now.number_style,
        **{name: query.get(name, kept[name]) for name in ("header", "footer", "welcome")},
    }


def _readings(language: Language, accent: str) -> list[tuple[float, bool, str, str]]:
    """For each way of reading on a colour: from which contrast on, whether that is good, the sentence with
    `{contrast}` for the page to fill, and the sentence as it is now where it holds of `accent`."""
    contrast = colours.contrast(colours.rgb(accent), colours.PURE_WHITE)
    number = language.number(Decimal(f"{contrast:.1f}"), decimals=1)
    holds = next(least for least, _ in READINGS if contrast >= least)
    found: list[tuple[float, bool, str, str]] = []
    for least, said in READINGS:
        text = language.gettext(said)
        shown = text % {"contrast": number} if least == holds else ""
        found.append((least, least == colours.TEXT_CONTRAST, text % {"contrast": "{contrast}"}, shown))
    return found
