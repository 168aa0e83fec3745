"""From a draft to what counts at the tills: a review by somebody else, the linter's last word, publication; and what
differs between two revisions."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.promotions import sentences
from regulars.backoffice.promotions_builder import by, promotion, words
from regulars.backoffice.promotions_waiting import waiting
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_promotions import DONE, HAPPENED, SEVERITIES, STATES, who
from regulars.errors import DraftChanged, StateConflict
from regulars.flows.approvals import publishing_waits
from regulars.flows.compare_revisions import compare_revisions
from regulars.flows.lint_promotion import lint_document
from regulars.flows.promotion_history import promotion_history
from regulars.flows.publish_promotion import publish_promotion, read_promotion, read_revisions
from regulars.flows.review_promotion import ReviewStep, review_promotion
from regulars.promotions import document, linter
from regulars.promotions.differing import differences
from regulars.promotions.reviewing import budget, needs_second_person

pages = Pages()


@pages.get("/promotions/{id}/publish", needs="promotions.read")
async def before(visit: Visit) -> Response[Any]:
    """What publishing would change, what speaks against it, and who has looked at it."""
    view = await read_promotion(visit.database, visit.program.id, promotion(visit))
    if view.draft is None:
        return visit.to(
            f"/promotions/{view.id}",
            done=visit.language.gettext("There is no draft to publish."),
            tone="warning",
        )
    parsed = document.parse(view.draft)
    at = await visit.now()
    found = await lint_document(
        visit.database, visit.state.known, visit.program.id, parsed, at, visit.language.code,
        promotion=promotion(visit),
    )  # fmt: skip
    compared = None
    if view.document is not None:
        now = document.parse(view.document)
        compared = differences(now, parsed, words(visit), visit.program.base_currency)
    history = await promotion_history(visit.database, visit.program.id, promotion(visit), drafts_only=True)
    said = history.items
    waits = await waiting(visit, view, history, at)
    return visit.page(
        "promotions/publish",
        waits=waits,
        asked=any(not one.review and not one.outdated for one in waits),
        view=view,
        title=parsed.names.get(visit.language.code) or parsed.name,
        sentences=sentences(visit, parsed),
        compared=compared,
        errors=linter.errors(found.findings),
        warnings=linter.warnings(found.findings),
        notes=[one for one in found.findings if one.severity == "note"],
        severities=SEVERITIES,
        states=STATES,
        happened=HAPPENED,
        who=who,
        review_items=said,
        names=history.names,
        mine=bool(said) and said[0].by == by(visit),
        second=needs_second_person(parsed, visit.program.settings, visit.known.rules.currencies)
        and await publishing_waits(visit.database, visit.program),
        budget=budget(parsed, visit.known.rules.currencies),
        drafted_by=who(history.names.get(view.drafted_by or "", view.drafted_by or ""), visit.language),
    )


@pages.post("/promotions/{id}/publish", needs="promotions.publish", again=before, why=True)
async def publish(visit: Visit) -> Response[Any]:
    """Let the draft count from the next purchase on; above the program's limit a second person decides first."""
    version = desk.whole(visit.form("version"), "/version") if visit.form("version") else None
    try:
        answer = await publish_promotion(
            visit.database, visit.state.known, await visit.once(), promotion(visit), by(visit),
            visit.form_list("accept"), visit.language.code, version=version, why=visit.why,
        )  # fmt: skip
    except DraftChanged:
        raise StateConflict(
            "The draft was changed after you opened this page: look at it again, then publish it."
        ) from None
    _ = visit.language.gettext
    if answer.status == 202:
        done = _("A second person is asked: it counts once that person approves it.")
        return visit.to(f"/promotions/{visit.path['id']}", done=done, tone="warning")
    return visit.to(
        f"/promotions/{visit.path['id']}", done=_("Published: it counts from the next purchase on.")
    )


@pages.post("/promotions/{id}/review", needs="promotions.write", again=before)
async def review(visit: Visit) -> Response[Any]:
    """Ask somebody to look at the draft, approve it, send it back, or take the question back."""
    sent: dict[str, Any] = {"act": visit.form("act"), "comment": visit.form("comment")}
    if visit.form("version"):
        sent["draft_version"] = desk.whole(visit.form("version"), "/draft_version")
    step = visit.read(ReviewStep, sent)
    await review_promotion(visit.database, await visit.once(), promotion(visit), by(visit), step)
    return visit.to(f"/promotions/{visit.path['id']}/publish", done=visit.language.gettext(DONE[step.act]))


@pages.get("/promotions/{id}/diff", needs="promotions.read")
async def diff(visit: Visit) -> Response[Any]:
    """What differs between two revisions, in sentences."""
    view = await read_promotion(visit.database, visit.program.id, promotion(visit))
    compared = await compare_revisions(
        visit.database, visit.known, promotion(visit), visit.query.get("from", ""), visit.query.get("to", ""),
        visit.language.code,
    )  # fmt: skip
    revisions = await read_revisions(visit.database, visit.program.id, promotion(visit))
    raw: dict[str, Any] = view.document or view.draft or {}
    return visit.page(
        "promotions/diff",
        view=view,
        title=raw.get("names", {}).get(visit.language.code) or raw.get("name", ""),
        compared=compared,
        revisions=revisions.items,
    )
