"""Every text of the customer's display, in one language: what a customer reads, not a cashier."""

from __future__ import annotations

from regulars.i18n import Language


def texts(language: Language) -> dict[str, str]:
    """Name → text."""
    _ = language.gettext
    return {
        "welcome": _("Welcome"),
        "hello": _("Good day, {name}"),
        "hello_unnamed": _("Good day"),
        "thanks": _("Thank you for your purchase"),
        "thanks_name": _("Thank you, {name}"),
        "you_have": _("You have {points}"),
        "you_got": _("You got {points}"),
        "you_saved": _("You saved {money}"),
        "you_save": _("You save {money}"),
        "change": _("Change: {money}"),
        # the receipt
        "nothing_yet": _("Your purchase will be shown here."),
        "discount": _("Discount"),
        "gross": _("Goods"),
        "discounts": _("Discounts"),
        "points_reduction": _("Price reduced by points"),
        "paid_with_points": _("Paid with points"),
        "paid_with_gift_card": _("Paid with a gift card"),
        "to_pay": _("To pay"),
        "earns": _("{points} for this purchase"),
        "would_earn": _("{points} with a card"),
        # who it is
        "number": _("Card or phone number"),
        "number_hint": _("Scan your card, or type its number or your phone number."),
        "number_use": _("The number is used to find your membership, and for nothing else."),
        "send": _("That is my number"),
        "erase": _("Erase the last digit"),
        "looking": _("One moment…"),
        "unknown": _("Nobody is a member with this number yet. The cashier will gladly enrol you."),
        "wrong": _("This number was not found. Please check it and type it again."),
        "wait": _("The till is busy. Please try again in a moment."),
        # what a new member agrees to
        "ask_title": _("Become a member"),
        "ask_hint": _("Tick what you agree to. You can become a member without any of the messages."),
        "ask_needed": _("needed to become a member"),
        "ask_email": _("Please tell the cashier your email."),
        "ask_done": _("Send my answer"),
        "ask_thanks": _("Thank you. The cashier does the rest."),
        # the page
        "whole_screen": _("Whole screen"),
        "language": _("Language"),
        "closed": _("This till is closed"),
    }
