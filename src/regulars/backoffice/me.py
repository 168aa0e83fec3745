"""A person's own account: name, language, password, second factor, passkeys, and where she is signed in."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars import clock, i18n, ids
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.staff_account import describe, end_other_sessions, end_session, read_account
from regulars.flows.staff_factors import drop_codes, renew_recovery_codes
from regulars.flows.staff_passkeys import remove_passkey
from regulars.flows.staff_passwords import change_password
from regulars.flows.staff_trail import Browser
from regulars.i18n import N_
from regulars.web import pages as web_pages
from regulars.web import staff_sessions
from regulars.web.member_sessions import device_label

pages = Pages()
METHODS = {
    "password": N_("password"),
    "second_factor": N_("password and code"),
    "passkey": N_("passkey"),
    "single_sign_on": N_("the company's sign-in"),
    "invitation": N_("invitation"),
}


@pages.get("/me", needs=None)
async def me(visit: Visit) -> Response[Any]:
    """Your name, language, password, second factor, passkeys and sessions."""
    account = await read_account(visit.database, visit.staff.id, clock.world())
    return visit.page(
        "me",
        account=account,
        passkeys=[(ids.show("pky", one.id), one) for one in account.passkeys],
        sessions=[
            (
                ids.show("ses", one.id),
                one,
                device_label(one.agent),
                one.digest == visit.signed_in.session.digest,
            )
            for one in account.sessions
        ],
        methods={code: visit.language.gettext(text) for code, text in METHODS.items()},
        languages_known=[(code, i18n.OWN_NAMES[code]) for code in i18n.COMPLETE],
        required=visit.program.settings.second_factor == "required",
    )


@pages.post("/me", needs=None, again=me)
async def save(visit: Visit) -> Response[Any]:
    """Keep name and language."""
    language = visit.form("language")
    await describe(visit.database, visit.staff.id, visit.form("name"), language)
    answer = visit.to("/me", done=i18n.language(language).gettext("Saved."))
    answer.set_cookie(web_pages.language_cookie(visit.request, language))
    return answer


@pages.post("/me/password", needs=None, again=me)
async def password(visit: Visit) -> Response[Any]:
    """Set another password; the old one is asked for, and every other session ends."""
    if visit.untrimmed("again") != visit.untrimmed("new"):
        raise InvalidValue("/again", "is not the same as the password above")
    await change_password(
        visit.database,
        visit.state.settings.secret,
        visit.staff.id,
        visit.untrimmed("password"),
        visit.untrimmed("new"),
        session=visit.signed_in.session.digest,
        browser=_browser(visit),
        at=clock.world(),
    )
    return visit.to(
        "/me", done=visit.language.gettext("The password is changed; every other session has ended.")
    )


@pages.post("/me/second-factor/off", needs=None, again=me)
async def without_codes(visit: Visit) -> Response[Any]:
    """Ask for no codes any more."""
    await drop_codes(
        visit.database, visit.state.settings.secret, visit.staff.id, visit.untrimmed("password"),
        browser=_browser(visit), at=clock.world(),
    )  # fmt: skip
    return visit.to("/me", done=visit.language.gettext("Codes are not asked for any more."), tone="warning")


@pages.post("/me/recovery-codes", needs=None, again=me)
async def recovery_codes(visit: Visit) -> Response[Any]:
    """Ten new recovery codes, shown once."""
    codes = await renew_recovery_codes(
        visit.database, visit.state.settings.secret, visit.staff.id, visit.untrimmed("password"),
        browser=_browser(visit), at=clock.world(),
    )  # fmt: skip
    return visit.page("me_recovery_codes", codes=codes)


@pages.post("/me/passkeys/{id}/remove", needs=None, again=me)
async def without_passkey(visit: Visit) -> Response[Any]:
    """It signs nobody in any more."""
    await remove_passkey(
        visit.database, visit.state.settings.secret, visit.staff.id, ids.read("pky", visit.path["id"], "/id"),
        visit.untrimmed("password"), browser=_browser(visit), at=clock.world(),
    )  # fmt: skip
    return visit.to("/me", done=visit.language.gettext("The passkey is taken away."))


@pages.post("/me/sessions/{id}/end", needs=None, again=me)
async def end_one(visit: Visit) -> Response[Any]:
    """End one session."""
    await end_session(visit.database, visit.staff.id, ids.read("ses", visit.path["id"], "/id"))
    return visit.to("/me", done=visit.language.gettext("That session has ended."))


@pages.post("/me/sessions/end", needs=None, again=me)
async def end_others(visit: Visit) -> Response[Any]:
    """End every session but this one."""
    await end_other_sessions(visit.database, visit.staff.id, visit.signed_in.session.digest)
    return visit.to("/me", done=visit.language.gettext("Every other session has ended."))


def _browser(visit: Visit) -> Browser:
    return staff_sessions.browser_of(visit.request)
