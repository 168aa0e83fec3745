"""Says in the reader's language why something was not done: a sentence for each error that a page can meet."""

from __future__ import annotations

from regulars.backoffice import refusal_sentences
from regulars.backoffice.refusal_sentences import Speaking
from regulars.errors import Problem
from regulars.i18n import N_, SOURCE, Language

TITLES: dict[str, str] = {
    "bad_request": N_("The form could not be read."),
    "body_too_large": N_("What was sent is too large."),
    "forbidden": N_("You may not do that."),
    "scope_missing": N_("You may not do that."),
    "unauthenticated": N_("You were signed out. Sign in again."),
    "not_found": N_("There is nothing at this address, or no longer."),
    "conflict": N_("Somebody was faster: look at how it stands now, then try again."),
    "state_conflict": N_("That is not possible as things stand now."),
    "request_key_reused": N_("This form was sent already. Open the page anew to send another."),
    "unprocessable": N_("Something in the form is not right."),
    "invalid_value": N_("Something in the form is not right."),
    "wrong_id_kind": N_("There is nothing at this address, or no longer."),
    "invalid_card_number": N_("This is not a card number of this program: mistyped or misread."),
    "too_many_requests": N_("That was too often. Wait a minute, then try again."),
    "overloaded": N_("The server has too much to do just now. Nothing was changed; try again shortly."),
    "unreadable_table": N_("The file cannot be read as a table."),
    "voucher_unknown": N_("No voucher of this program has this code: mistyped or misread."),
    "insufficient_points": N_("There are not so many points."),
    "passing_limit": N_("More than a member may pass on in this time; nothing was written."),
    "cooling_off": N_("These points cannot be passed on yet; nothing was written."),
    "club_full": N_("There is no place left in this club."),
    "no_seats_left": N_("There are not enough seats left."),
    "booking_closed": N_("This event cannot be booked now."),
    "already_booked": N_("This member has booked this event already."),
    "second_person_needed": N_("Somebody else has to decide this."),
    "quota_used_up": N_("There is none left at that time."),
    "not_entitled": N_("This member does not have it."),
    "not_usable_here": N_("It cannot be used at this place."),
    "slot_full": N_("There is no room at that time any more. Choose another one."),
    "too_many_guests": N_("That is more guests than may come along."),
    "contradiction": N_("This contradicts itself."),
    "warnings_not_accepted": N_("Not published: say of each warning that you want it so."),
    "printer_missing": N_("There is no such printer any more."),
    "printer_unreachable": N_("The printer cannot be reached: is it on, and is the address right?"),
    "printer_silent": N_("The printer is there and does not answer: see whether the page came out."),
    "printer_no_paper": N_("The printer is out of paper."),
    "printer_open": N_("The cover of the printer is open."),
    "printer_fault": N_("The printer has stopped; perhaps paper is stuck in it."),
    "printer_busy": N_("The printer is busy; try again in a moment."),
    "not_installed": N_("This installation cannot speak with receipt printers."),
    "draft_changed": N_("Somebody else has edited this draft meanwhile: open it anew."),
}
"""By the error's code."""

DETAILS: tuple[str, ...] = (
    N_("This visit is booked for another day."),
    N_("is over already"),
    N_("This account was closed."),
    N_("This account was closed already."),
    N_("This member was erased."),
    N_("This member is not in this account."),
    N_("This member is in an account already: she has to leave it first."),
    N_("She is the last owner of this account: make somebody else an owner first."),
    N_("an earner does not spend; a limit is for spenders and owners"),
    N_("A purchase on this account is held: confirm or void it first."),
    N_("There are points or debt on this account: name the member who gets them."),
    N_("She was seen since this was proposed; the proposal is withdrawn tonight."),
    N_("This member was merged into another; the proposal is withdrawn tonight."),
    N_("This proposal was declined."),
    N_("This member was erased already."),
    N_("Who has just become a member passes nothing on yet."),
    N_("Points that have just come cannot be passed on yet."),
    N_("The key of a wallet app is turned on the page Wallet apps."),
    N_("This entitlement was stopped."),
    N_("This booking was used, cancelled or missed before."),
    N_("This visit was used, cancelled or missed before."),
    N_("is not one of your stores"),
    N_("Who asks does not decide: somebody else has to."),
    N_("Only who asked takes it back."),
    N_("Who refuses says why."),
    N_("Say why: it stands in the audit trail."),
    N_("This was decided already."),
    N_("These seats were used already."),
    N_("This booking has no seat."),
    N_("This event is over."),
    N_("This event was called off."),
    N_("Booking is over."),
    N_("Booking has not begun yet."),
    N_("This event is not meant for this member."),
    N_("This event is not meant for this member any more."),
    N_("This member has not booked this event."),
    N_("This member is in this club already."),
    N_("An invitation waits for this member already."),
    N_("This club takes nobody in any more."),
    N_("This cannot be done any more."),
    N_("The time in which this could be decided is over; it has to be asked for anew."),
    N_("Somebody decided this just now, or it is open already."),
    N_("This key was shown already, or is not yours to see."),
    N_("A store has this code already."),
    N_("is not possible here"),
    N_("is not a PNG, JPEG or WebP picture of at most 200 kB"),
    N_("is not a whole number"),
    N_("is not a date"),
    N_("is missing"),
    N_("is not a time zone"),
    N_("is not a currency"),
    N_("is not one of the languages"),
    N_("is a whole number from 0 to 1000"),
    N_("is a number above 0"),
    N_("Choose what comes nearest."),
    N_("A shop has a name and 1 to 50 tills."),
    N_("Name at least one shop."),
    N_("There is no such promotion."),
    N_("Not every step is answered yet."),
    N_("The program is being made just now, or is there already: look again in a moment."),
    N_("This address was used already, or is too old."),
    N_("Somebody has this address already."),
    N_("The page's token is missing; reload the page."),
    N_("Your role does not open this page."),
    N_("is not an email address"),
    N_("is easily guessed: add words that have nothing to do with one another or with you"),
    N_("is too short: at least 10 characters"),
    N_("is too long: at most 128 characters"),
    N_("is not the same as the password above"),
    N_("is not your password"),
    N_("is not a name of 1 to 120 characters"),
    N_("is not the code that the app shows now"),
    N_("choose at least one role"),
    N_("choose the stores that a shop manager sees"),
    N_("choose the partner whose figures are seen"),
    N_("this form was not made by the page: open the page anew"),
    N_("Somebody with this address is among the staff already."),
    N_("Somebody has this address already; sign in to accept."),
    N_("This invitation is for somebody else."),
    N_("You are among the staff of this program already."),
    N_("There is no such invitation, or it was accepted."),
    N_("There is no other owner: make somebody else an owner first."),
    N_("You cannot take yourself out: another owner does that."),
    N_("There is no such person among the staff."),
    N_("She works for another program too: only she herself can ask for a new password."),
    N_("There is no app set up."),
    N_("You have set up an app already; take that one away first."),
    N_("Without a second factor there is nothing to recover."),
    N_("There is no such passkey, or no longer."),
    N_("There is no such session, or it has ended."),
    N_("Too many requests; try again later."),
    N_("The draft was changed after you opened this page: look at it again, then publish it."),
    N_("There is no draft to publish."),
    N_("This promotion is not live."),
    N_("This promotion is not stopped."),
    N_("A draft that is sent back needs a word why."),
    N_("Nobody has asked for a review of this draft."),
    N_("This draft is in review already."),
    N_("This draft is in review: it is published once it is approved, or the question is taken back."),
    N_("This draft was sent back: it is published once it is changed, or approved."),
    N_("It is approved already."),
    N_("Only who asked for a review takes it back."),
    N_("Who asks for a review does not decide it."),
    N_("Somebody else has said something about this draft just now."),
    N_("Put something into the basket"),
    N_("This part is no longer there"),
    N_("a whole number from 1 is needed, of money with its cents"),
    N_("a code has small letters, digits, dots, hyphens and underscores"),
)
"""Sentences of errors that are translated as they are; more, and those with values, are in `refusal_sentences`."""

BY_STATUS: dict[int, str] = {
    400: TITLES["bad_request"],
    403: TITLES["forbidden"],
    404: TITLES["not_found"],
    409: TITLES["state_conflict"],
    422: TITLES["unprocessable"],
}
"""What is said of an error whose code has no sentence of its own."""


def title(problem: Problem, language: Language) -> str:
    """What happened, in one sentence."""
    known = TITLES.get(problem.code)
    if known is None:
        own = language.gettext(problem.title)
        return own if own != problem.title else language.gettext(BY_STATUS.get(problem.status, own))
    return language.gettext(known)


def lines(problem: Problem, language: Language) -> list[str]:
    """What else there is to say: the detail, or each field at fault."""
    if problem.errors:
        return [_line(fault.pointer, said(problem, fault.detail, language)) for fault in problem.errors]
    plain = problem.detail in (problem.title, "")
    return [] if plain or _untold(problem, language) else [said(problem, problem.detail, language)]


def of_field(problem: Problem | None, pointer: str, language: Language) -> str:
    """What is wrong with one field, to stand beside it; empty: nothing."""
    if problem is None:
        return ""
    return " ".join(
        said(problem, fault.detail, language) for fault in problem.errors if fault.pointer == pointer
    )


def said(problem: Problem, detail: str, language: Language) -> str:
    """A detail in the reader's language, with what stands in it."""
    if detail in problem.spoken:
        message, values = problem.spoken[detail]
        return language.gettext(message).format_map(values)
    return sentence(detail, language)


def sentence(detail: str, language: Speaking) -> str:
    """A sentence of the API in the reader's language; as the API says it where nobody has translated it."""
    told = refusal_sentences.said(detail, language)
    return detail if told is None else told


def sentences(problem: Problem, language: Language) -> list[str]:
    """The fields at fault, or the detail, where a page shows them without the title."""
    return [said(problem, fault.detail, language) for fault in problem.errors] or [
        said(problem, problem.detail, language)
    ]


def _untold(problem: Problem, language: Language) -> bool:
    """Whether a detail only repeats, in English, what the title says in the reader's language: that it is not there."""
    if problem.status != 404 or language.code == SOURCE or problem.detail in problem.spoken:
        return False
    return refusal_sentences.said(problem.detail, language) in (None, problem.detail)


def _line(pointer: str, detail: str) -> str:
    name = pointer.strip("/").replace("/", " › ")
    return f"{name}: {detail}" if name else detail
