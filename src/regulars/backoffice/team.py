"""The staff of the program: who does what, who is invited, and who no longer belongs to it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars import clock, ids
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.errors import StateConflict
from regulars.flows.invite_staff import Invited, Wanted, invite, post_of, withdraw_invitation
from regulars.flows.run_team import change_post, read_colleague, read_team, take_out
from regulars.flows.staff_passwords import give_reset_link
from regulars.i18n import N_
from regulars.programs.roles import ROLES, Role
from regulars.web.addresses import origin_of

pages = Pages()
ROLE_NAMES: dict[Role, str] = {
    "owner": N_("Owner"),
    "marketing": N_("Marketing"),
    "service": N_("Service"),
    "finance": N_("Finance"),
    "shop_manager": N_("Shop manager"),
    "partner_user": N_("Partner's user"),
    "analyst": N_("Analyst"),
    "auditor": N_("Auditor"),
}
ROLE_WORDS: dict[Role, str] = {
    "owner": N_("May do everything, and says who else may do what."),
    "marketing": N_("Makes promotions and codes, publishes and stops them."),
    "service": N_("Helps members: finds them, changes what they ask for, books points, takes goods back."),
    "finance": N_("Reads figures and books, decides what needs a second person, stops promotions, exports."),
    "shop_manager": N_(
        "Sees figures and receipts of some stores, takes goods back, looks into what was unusual."
    ),
    "partner_user": N_("Sees figures and receipts of one partner's stores."),
    "analyst": N_("Reads figures, receipts, promotions and codes; changes nothing."),
    "auditor": N_("Reads everything, with who changed what; changes nothing."),
}


@pages.get("/team", needs="staff.read")
async def team(visit: Visit) -> Response[Any]:
    """Who runs this program, and who is invited to."""
    found = await read_team(visit.database, visit.program.id, clock.world())
    return visit.page(
        "team",
        team=[(ids.show("stf", one.id), one) for one in found.people],
        invited=[(ids.show("inv", one.id), one) for one in found.invited],
        names=_names(visit),
        store_names={store.id: store.name for store in visit.program.stores.values()},
        partner_names={partner.id: partner.name for partner in visit.program.partners.values()},
    )


@pages.get("/team/invite", needs="staff.write")
async def invite_form(visit: Visit) -> Response[Any]:
    """Whom to invite, and what for."""
    return _form(visit, "team_invite")


@pages.post("/team/invite", needs="staff.write", again=invite_form, why=True)
async def send_invitation(visit: Visit) -> Response[Any]:
    """Make the link, mail it where that can be done, and show it once."""
    wanted = Wanted(
        visit.form("email"),
        tuple(visit.form_list("roles")),
        tuple(visit.form_list("stores")),
        visit.form("partner"),
    )
    mails = "email" in visit.state.post_office.channels
    made = await invite(
        visit.database,
        visit.program,
        wanted,
        by=visit.staff.id,
        by_name=visit.staff.name,
        address=origin_of(visit.request, visit.program),
        secret=visit.state.settings.secret,
        mail_at=await visit.now() if mails else None,
        at=clock.world(),
    )
    if made.mailed:
        visit.state.post_office.send(visit.program.id)
    return visit.page("team_link", made=made, email=wanted.email, reset=False)


@pages.post("/team/invitations/{id}/withdraw", needs="staff.write", again=team)
async def withdraw(visit: Visit) -> Response[Any]:
    """The link stops working."""
    await withdraw_invitation(visit.database, visit.program.id, ids.read("inv", visit.path["id"], "/id"))
    return visit.to("/team", done=visit.language.gettext("The invitation is withdrawn."))


@pages.get("/team/{id}", needs="staff.write")
async def colleague(visit: Visit) -> Response[Any]:
    """What one person does here, and what can be changed about it."""
    found = await read_colleague(visit.database, visit.program.id, ids.read("stf", visit.path["id"], "/id"))
    stores = {store.id: store.code for store in visit.program.stores.values()}
    partners = {partner.id: partner.code for partner in visit.program.partners.values()}
    return _form(
        visit,
        "team_person",
        person=found,
        roles=found.post.roles,
        stores=[stores[one] for one in found.post.stores if one in stores],
        partner=partners.get(found.post.partner, "") if found.post.partner else "",
        herself=found.id == visit.staff.id,
    )


@pages.post("/team/{id}", needs="staff.write", again=colleague, why=True)
async def save(visit: Visit) -> Response[Any]:
    """Other roles, from her next page on."""
    staff = ids.read("stf", visit.path["id"], "/id")
    chosen = visit.form_list("roles"), visit.form_list("stores"), visit.form("partner")
    await change_post(visit.database, staff, post_of(visit.program, *chosen))
    return visit.to("/team", done=visit.language.gettext("Saved; it counts from the next page on."))


@pages.post("/team/{id}/remove", needs="staff.write", again=colleague, why=True)
async def remove(visit: Visit) -> Response[Any]:
    """Take somebody out of the program; her sessions in it end at once."""
    staff = ids.read("stf", visit.path["id"], "/id")
    if staff == visit.staff.id:
        raise StateConflict("You cannot take yourself out: another owner does that.")
    await take_out(visit.database, visit.program.id, staff)
    return visit.to("/team", done=visit.language.gettext("Taken out; the sessions have ended."))


@pages.post("/team/{id}/password", needs="staff.write", again=colleague, why=True)
async def new_password(visit: Visit) -> Response[Any]:
    """A link with which a colleague sets a new password, shown once."""
    staff = ids.read("stf", visit.path["id"], "/id")
    found = await read_colleague(visit.database, visit.program.id, staff)
    link = await give_reset_link(
        visit.database,
        visit.program,
        visit.staff.id,
        staff,
        address=origin_of(visit.request, visit.program),
        at=clock.world(),
    )
    return visit.page("team_link", made=Invited(link, mailed=False), email=found.email, reset=True)


def _form(visit: Visit, template: str, **shown: Any) -> Response[Any]:
    """The form of roles: as it was sent, if it was refused."""
    if visit.problem is not None:
        shown |= {
            "roles": visit.form_list("roles"),
            "stores": visit.form_list("stores"),
            "partner": visit.form("partner"),
        }
    names = _names(visit)
    return visit.page(
        template,
        **{"roles": [], "stores": [], "partner": "", "email": visit.form("email"), **shown},
        kinds=[(role, names[role], visit.language.gettext(ROLE_WORDS[role])) for role in ROLES],
        all_stores=[(store.code, store.name) for store in visit.stores],
        all_partners=[(one.code, one.name) for one in visit.program.partners.values()],
        root=ROOT,
    )


def _names(visit: Visit) -> dict[Role, str]:
    return {role: visit.language.gettext(name) for role, name in ROLE_NAMES.items()}
