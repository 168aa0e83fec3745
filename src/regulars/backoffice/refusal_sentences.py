"""Sentences of errors that a form of the office can cause, translated whole or with the values that stand in them."""

from __future__ import annotations

import re
from typing import Protocol

from regulars.i18n import N_

SENTENCES: tuple[str, ...] = (
    # of dates, codes and lists
    N_("is not after the beginning"),
    N_("lies before the beginning"),
    N_("lies in the future"),
    N_("is over"),
    N_("is needed"),
    N_("is required"),
    N_("stands twice"),
    N_("is not a date and time"),
    N_("A day and a time are needed"),
    N_("must not be zero"),
    N_("must be answered"),
    N_("must lie before `to`"),
    N_("A month as 2026-12 is needed"),
    N_("is none of this list"),
    N_("there is no such member"),
    N_("there is no such store in this program"),
    N_("is needed: each store has a stock of its own"),
    # of codes and vouchers
    N_("This code was voided before."),
    N_("a personal voucher is made for somebody: by a reward"),
    N_("says how many are sold; those of a reward are paid with points"),
    N_("This voucher cannot be given to another member."),
    # of what a program asks and says
    N_("A question to choose from needs two choices at least."),
    N_("A choice stands twice."),
    N_("Only a number has a least and a most."),
    N_("No number is that large and that small."),
    N_("the program's own language is missing"),
    N_("Another questionnaire was entered at the same instant; send yours again."),
    N_("Another version of this wording was entered at the same instant; send yours again."),
    # of the setup
    N_("is another program's"),
    N_("Too many programs have this name."),
    N_("A program needs a name."),
    N_("A language stands twice."),
    N_("Only an owner makes programs."),
    N_("You have no role in that program."),
    N_("This is a sandbox already."),
    N_("A key needs at least one scope."),
    N_("Points expire after days or after months, not after both."),
    N_("Money that is given as points needs its scale or its names."),
    N_("Stamps and visits are whole and pay nothing: a worth and scale of 0 are needed."),
    N_("A rate is above 0."),
    N_("A plain number from 0 to 1000 with at most 6 decimals is needed."),
    N_("The program's card numbers are used up: give it another prefix, or more digits."),
    N_("would take the tier of everybody who has one: nothing is to be reckoned"),
    N_("goes with a tier of a ladder of this program, and with an end"),
    N_("A tax rate is at most 1 (100 %)."),
    N_("A tax rate is a plain number with at most 6 decimals, as 0.21 for 21 %."),
    N_("One of these barcodes belongs to another product of the program; nothing was changed."),
    N_("is no time of events"),
    # of promotions
    N_("A name of 1 to 200 characters is needed"),
    N_("A priority from 0 to 1000000 is needed"),
    N_("A list of 1 to 50 conditions is needed"),
    N_("Exactly one of uses, points and amount is needed"),
    N_("Only a limit of the total can be kept in slices"),
    N_("There is a limit of this measure, holder and period already"),
    N_("There is no draft to review."),
    N_("Either a member or a made-up customer may be given"),
    N_("is needed: the assortment does not know this product"),
    # of members and their cards
    N_("This card went to somebody else just now."),
    N_("This card is not in use any more."),
    N_("This card belongs to a member already."),
    N_("The card that is to be replaced is not in use any more."),
    N_("A purchase with this card is held: confirm or void it first."),
    N_("is the new card itself"),
    N_("is this very member already"),
    N_("This member has left."),
    N_("only owners and spenders may"),
    N_("The member was merged just now; try again."),
    N_("This duplicate was merged into somebody else already."),
    N_("One of the two was erased."),
    N_("One of the two changed accounts just now; try again."),
    N_("A purchase of the duplicate is held: confirm or void it first."),
    N_("The duplicate is in a shared account: take her out of it first."),
    N_("Points that came with the merge are held: confirm or void the purchase first."),
    N_("The merge is too long ago to be undone."),
    N_("The member was erased, or merged into another one herself."),
    N_("The merge was undone just now."),
    N_("The duplicate is no alias of this member any more."),
    N_("is not asked for"),
    N_("is a phone, card, email, receipt number, id or name"),
    N_("Somebody has brought this member before."),
    # of points, purchases and what was paid for
    N_("It is too late to take this back."),
    N_("Something of it was spent, has expired or went on."),
    N_("This was taken back before."),
    N_("This was taken back just now."),
    N_("This was given before."),
    N_("shares this account already"),
    N_("would bring nothing"),
    N_("Changed there and back, points would become more."),
    N_("Changed through other currencies and back, points would become more."),
    N_("is no charity of this program"),
    N_("There is no email to send this receipt to."),
    N_("All of this purchase was returned already; there is nothing left to void."),
    N_("lies before the purchase"),
    N_("comes back as a whole: it paid for a gift card, a pack or a membership"),
    N_("This program takes goods back at the partner that sold them only."),
    N_("This program takes goods back at the store that sold them only."),
    N_("Nothing can be sent by email here."),
    N_("belongs to nobody yet"),
    N_("is not a receipt of this member"),
    N_("This line of the receipt has paid for something already."),
    N_("of the payment is needed, or the line that paid"),
    N_("goes with a single-purpose card, and only with one"),
    N_("A later period of this membership was paid: take that one back first."),
    N_("A membership on this receipt was used: take the line back instead of voiding it."),
    N_("Visits of a pack on this receipt were used: take the line back instead of voiding it."),
    N_("This gift card is blocked."),
    N_("Nothing is left of this pack."),
    N_("This pack was paid back before."),
    N_("there is no such pack on sale"),
    N_("there is no such plan"),
    N_("this plan is not begun any more"),
    N_("is the plan that she has"),
    N_("what was paid is needed: there are no days on trial for her"),
    N_("She has a membership of this plan already."),
    N_("The next period is paid already."),
    N_("It ends with what is paid already."),
    N_("What is left of the present plan is worth more: end it with a refund instead."),
    N_("Something else was done with this membership just now."),
    # of rewards, events, visits and games
    N_("Something else was done with this booking just now."),
    N_("Something else was done with this redemption just now."),
    N_("This reward cannot be given back."),
    N_("A code is not handed over: it is used."),
    N_("There are not so many left that could be taken out."),
    N_("the stock of this reward is not counted"),
    N_("the code of a store is needed: each has a stock of its own"),
    N_("this reward has one stock for all stores"),
    N_("This entitlement is not booked: one just comes."),
    N_("lies further ahead than can be booked"),
    N_("is not the beginning of a slot"),
    N_("lies in the future: a visit to come is booked"),
    N_("lies longer ago than this program takes in"),
    N_("Nobody is invited to a club by rule."),
    N_("This club is by invitation: none waits for this member, and the code is not good."),
    N_("This club takes in whoever its rule says; nobody joins it by herself."),
    N_("there is no such badge in this program"),
    N_("This lottery is over."),
    N_("There are tickets already: only texts can be changed now."),
    N_("This draw was called off."),
    N_("This draw was held already."),
    N_("It is not time for this draw yet."),
    N_("This draw was changed just now: try again."),
    N_("This draw does not wait for a public number now."),
    N_("Two people have to type in the same public number first."),
    N_("Tickets of this draw are not sold."),
    N_("This ticket is void already, or was drawn."),
    N_("This activity does not wait for a decision."),
    N_("This kind of activity was stopped."),
    N_("is not declared in this program"),
    N_("These seats are not waiting for a yes: the time for it is over, or it was said."),
    N_("The vouchers of this reward were stopped."),
    N_("This voucher was given to another member."),
    N_("This was reserved only, and the time for it is over."),
    # of signing in
    N_("You have as many passkeys as there may be; take one away first."),
    N_("This passkey is known already."),
    N_("This passkey cannot be read."),
    N_("This passkey does not sign in here."),
    N_("was answered already, or is too old: ask for another"),
    N_("does not answer the challenge"),
    # of files
    N_("This export is not ready yet."),
    N_("channel and purpose are named together"),
    N_("no mapping of this kind was saved under that name"),
    N_("is empty"),
    N_("is an instant with its offset, and not in the future"),
    N_("is too far away; null says never"),
    N_("is too far away; never says that they do not expire"),
    N_("a number stands twice"),
    N_("lies in the future, or too long ago"),
    N_("is not after the day from which they can be used"),
    N_("is not a date or an instant, as 2024-05-01"),
    N_("is not a date, as 2027-01-31, nor never"),
    N_("leads to no member"),
    N_("is not a date or an instant, as 2024-05-01T17:30"),
    N_("The first row has no names of columns."),
    N_("A column's name is longer than 200 characters."),
    N_("The Excel file has no sheet with rows in it."),
    N_("This is an archive, but not an Excel file."),
)
"""As the API says them."""

_NOT_NOW = N_("That is not possible as things stand now.")
_TOO_SHORT = N_("is too short: at least {n} characters")
_TOO_LONG = N_("is too long: at most {n} characters")
_TOO_FEW = N_("has too few parts: at least {n}")
_TOO_MANY = N_("has too many parts: at most {n}")
_AT_LEAST = N_("is at least {n}")
_AT_MOST = N_("is at most {n}")
_MORE_THAN = N_("is more than {n}")
_LESS_THAN = N_("is less than {n}")
_NO_STORE = N_("The program has no store {code}.")
_NO_PARTNER = N_("The program has no partner {code}.")
_NO_ZONE = N_("There is no time zone {zone}.")
_LANGUAGES = N_("this program speaks {languages}")
_YEARS = N_("An instant from {first} to {last} is needed.")
_NO_CARD = N_("This card is not in use any more.")
_CURRENCY_IN_USE = N_(
    "The currency {currency} has amounts in its books: its kind and its scale cannot change. "
    "Make another currency."
)
_NO_TABLE = N_("The file cannot be read as a table.")
_NOT_HERE = N_("is not possible here")
_NO_CHARACTERS = N_("has characters that may not stand here")
_WRONG_KIND = N_("has not the form that is needed here")

PATTERNS: dict[str, str] = {
    # what the decoding of a form says of its shape
    "Expected `str` of length >= {n}": _TOO_SHORT,
    "Expected `str` of length <= {n}": _TOO_LONG,
    "Expected `array` of length >= {n}": _TOO_FEW,
    "Expected `array` of length <= {n}": _TOO_MANY,
    "Expected `object` of length >= {n}": _TOO_FEW,
    "Expected `object` of length <= {n}": _TOO_MANY,
    "Expected `int` >= {n}": _AT_LEAST,
    "Expected `int` <= {n}": _AT_MOST,
    "Expected `int` > {n}": _MORE_THAN,
    "Expected `int` < {n}": _LESS_THAN,
    "Expected `str` matching regex {pattern}": _NO_CHARACTERS,
    "has a NUL character": _NO_CHARACTERS,
    "Expected {kind}, got {found}": _WRONG_KIND,
    "Invalid enum value {value}": _NOT_HERE,
    "Invalid value {value}": _NOT_HERE,
    "Invalid RFC3339 encoded {kind}": N_("is not a date"),
    "Invalid decimal string": N_("is not a number"),
    # of codes
    "There is a batch of codes {name} already.": N_("There is a batch of codes {name} already."),
    "Capital letters, digits, hyphens, and {place} for each random character": N_(
        "Capital letters, digits, hyphens, and {place} for each random character"
    ),
    "At least {n} random characters ({place}) are needed": N_(
        "At least {n} random characters ({place}) are needed"
    ),
    "Too short for {n} codes that nobody can guess: add {place}": N_(
        "Too short for {n} codes that nobody can guess: add {place}"
    ),
    # of what a program asks and is
    "Two questions are called {code}.": N_("Two questions are called {code}."),
    "A question of the kind {kind} has no choices.": N_("Only a question to choose from has choices."),
    "this program speaks {languages}": _LANGUAGES,
    "{language} is not spoken here; there are {languages}.": N_("is not one of the languages"),
    "There is no time zone {zone}; one is Europe/Riga.": _NO_ZONE,
    "There is no time zone {zone}.": _NO_ZONE,
    "{currency} is not a currency of ISO 4217.": N_("is not a currency"),
    "{currency} is the program's base money; its rate is 1.": N_(
        "{currency} is the program's base money; its rate is 1."
    ),
    _CURRENCY_IN_USE: _CURRENCY_IN_USE,
    "The program has no currency {currency}, nor a rate for it at this time": N_(
        "The program has no currency {currency}, nor a rate for it at this time"
    ),
    "The program has no store {code} and, by its settings, registers none.": _NO_STORE,
    "The program has no store {code}.": _NO_STORE,
    "the program has no store {code}": _NO_STORE,
    "The program has no partner {code}.": _NO_PARTNER,
    "the program has no partner {code}": _NO_PARTNER,
    "The store {store} belongs to another partner than {partner}.": N_(
        "The store {store} belongs to another partner than {partner}."
    ),
    "is between {least} and {most} degrees": N_("is between {least} and {most} degrees"),
    "An instant from {first} to {last} is needed.": _YEARS,
    "An instant from {first} on and before {last} is needed": N_(
        "An instant from {first} on and before {last} is needed"
    ),
    "The clock of a sandbox moves forward only, and only a sandbox has one to set.": N_(
        "The clock of a sandbox moves forward only."
    ),
    "the ladder {ladder} has no tier {tier}": N_("the ladder {ladder} has no tier {tier}"),
    "A program has at most {n} webhooks.": N_("A program has at most {n} webhooks."),
    "No type of event is called {name}.": N_("No type of event is called {name}."),
    "{code} stands twice in this request.": N_("stands twice"),
    "is longer than {n} characters": _TOO_LONG,
    "is too long: at most {n} characters": _TOO_LONG,
    "is too short: at least {n} characters": _TOO_SHORT,
    "is one of {values}": _NOT_HERE,
    "{name} is needed for a mark of the kind {kind}": N_("is needed"),
    "The page's CSRF token is missing; reload the page.": N_("The page's token is missing; reload the page."),
    # of promotions
    "1 to {n} benefits are needed": N_("1 to {n} benefits are needed"),
    "At most {n} conditions may be given": N_("At most {n} conditions may be given"),
    "At most {n} limits may be given": N_("At most {n} limits may be given"),
    "Conditions are nested more than {n} levels deep": N_("Conditions are nested more than {n} levels deep"),
    "a group of the stage {stage} is needed": N_("a group of the stage {stage} is needed"),
    "{promotion}: there is no group {group}.": N_("{promotion}: there is no group {group}."),
    "{promotion}: its benefit is not of the group's stage.": N_(
        "{promotion}: its benefit is not of the group's stage."
    ),
    "This promotion is not {state}.": _NOT_NOW,
    # of members and what they have
    "This card is {status}: it is not in use any more.": _NO_CARD,
    "This card is {status}; nothing was written.": _NO_CARD,
    "a member has at most {n} attributes": N_("a member has at most {n} attributes"),
    "is a day from {first} until today": N_("is a day from {first} until today"),
    "is 1 to {n} printable characters": N_("is 1 to {n} printable characters"),
    "only {n} are available": N_("There are not so many points."),
    "only {n} more may be spent today": N_("is more than may be spent today"),
    "{currency} is not changed into {target}": N_("{currency} is not changed into {target}"),
    "is at least {n}": _AT_LEAST,
    "is at most {n}": _AT_MOST,
    "no more than {n} may be on a gift card of this program": N_(
        "is more than may be on a gift card of this program"
    ),
    "a member may book {n} at the most": N_("a member may book {n} at the most"),
    "This membership is {state}.": _NOT_NOW,
    "What is {before} cannot become {after}.": _NOT_NOW,
    "This purchase is {state}; only what was recorded can come back.": N_(
        "Only what was recorded can come back."
    ),
    "Of line {line} only {n} can still come back.": N_("Of line {line} only {n} can still come back."),
    # of files
    "Give one of {fields}.": N_("Give one of {fields}."),
    "Row {row} has a NUL character.": _NO_TABLE,
    "The Excel file has more parts than a table can need.": _NO_TABLE,
    "The Parquet file has more parts than a table can need.": _NO_TABLE,
    "The Parquet file unpacks to more than a table can need.": _NO_TABLE,
    "The Parquet file is damaged: {why}": _NO_TABLE,
    "Column {column} has lists in an encoding {why}.": _NO_TABLE,
    "lies outside the years {first} to {last}": N_("lies outside the years {first} to {last}"),
    "the file has no column {column}": N_("the file has no column {column}"),
    "there is no field {field}": N_("there is no field {field}"),
    "{column} is not known: say what it is, or leave it out": N_(
        "{column} is not known: say what it is, or leave it out"
    ),
    "{first} and {second} cannot both be {field}": N_("{first} and {second} cannot both be {field}"),
    "a column is needed that is {fields}": N_("a column is needed that is {fields}"),
    "The encoding is one of {names}.": N_("The encoding is one of {names}."),
    "The file is not {encoding} text: {why}.": N_("The file is not text of the encoding {encoding}."),
    "This is not a CSV file: {why}.": N_("This is not a CSV file."),
    "This is not a Parquet file: {why}": N_("This is not a Parquet file."),
    "The Excel file cannot be read: {why}.": N_("The Excel file cannot be read."),
    "The file has more than {n} rows.": N_("The file has more than {n} rows."),
    "The file has more than {n} columns.": N_("The file has more than {n} columns."),
    "The file has columns twice: {columns}.": N_("The file has columns twice: {columns}."),
    "Row {row} has more cells than the heading.": N_("Row {row} has more cells than the heading."),
    "Row {row} has a cell of more than {n} characters.": N_(
        "Row {row} has a cell of more than {n} characters."
    ),
}
"""The API's sentence, with gaps for the values that stand in it: what is said instead, with the gaps that it keeps."""

_GAP = re.compile(r"\\\{(\w+)\\\}")


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(r"(?P<\1>.+?)", re.escape(pattern)), re.DOTALL)


_SHAPES = tuple((_shape(pattern), message) for pattern, message in PATTERNS.items())


class Speaking(Protocol):
    """Whatever knows the messages of a language."""

    def gettext(self, message: str, /) -> str:
        """A message of the code in this language; as it is where nobody has translated it."""
        ...


def said(detail: str, language: Speaking) -> str | None:
    """A sentence of the API in the reader's language; None where nobody has translated it."""
    whole = language.gettext(detail)
    if whole != detail or detail in SENTENCES:
        return whole
    for shape, message in _SHAPES:
        if found := shape.fullmatch(detail):
            return language.gettext(message).format_map(found.groupdict())
    return None
