"""The texts of the till page for when there is no line, in one language."""

# ruff: noqa: E501 - a list of sentences reads best one to a line

from __future__ import annotations

from regulars.i18n import Language


def offline_texts(language: Language) -> dict[str, str | dict[str, str]]:
    """Name → text; where a text counts, its plural forms by CLDR category."""
    _, forms = language.gettext, language.plural_forms
    return {
        # the strip under the bar
        "line_down": _("No line since {time}. Selling goes on."),
        "line_back": _("The line is back."),
        "rest_sent": _("Everything else is sent."),
        "signed_out": _("You are signed out."),
        "signed_out_hint": _("What was sold without the line is kept here and goes out once somebody has signed in."),
        "sign_in": _("Sign in"),
        "receipts_waiting": forms("{n} receipt to send, of {time}", "{n} receipts to send, the oldest of {time}"),
        "sending_receipts": forms("Sending {n} receipt …", "Sending {n} receipts …"),
        "receipts_refused": forms("{n} receipt needs a look", "{n} receipts need a look"),
        "not_signed_out": _("Some receipts are not sent yet."),
        "not_signed_out_hint": _("You are still signed in. Sign out once they are sent; the list says how many wait."),
        # what the till can do by itself
        "snapshot_none": _("This till has no goods and prices of its own yet: nothing can be sold until the line is back."),
        "snapshot_old": _("Prices are of {time}: offers and points are left out until the line is back."),
        "snapshot_changed": _("What was kept on this computer was changed by somebody and is not used: nothing can be sold until the line is back."),
        "snapshot_changed_old": _("The newest data was changed on its way and is not used; the data of before is."),
        "snapshot_unable": _("This browser cannot check where the data comes from: without the line nothing can be sold. A newer browser can."),
        "snapshot_off": _("The program lets no till sell without the line."),
        "storage_full_soon": _("This computer has no room for newer data; the data of before is used. Free some space."),
        "storage_full": _("This computer cannot keep another receipt."),
        "storage_full_hint": _("Nothing was sold and no money is to be taken. Free some space, or sell at another till."),
        "needs_line": _("This needs the line."),
        "needs_line_hint": _("Nothing was done. Goods can be sold, and cards scanned, also without it."),
        "gift_card_needs_line": _("Gift cards need the line"),
        "go_on_without_line": _("Go on without the line"),
        "no_product_here": _("Without the line no product has the code {code}."),
        "left_out_hint": forms(
            "Nothing was added. {n} product is known only with the line: put it aside, and sell it when the line is back.",
            "Nothing was added. {n} products are known only with the line: put it aside, and sell it when the line is back.",
        ),
        "missing_here_hint": _("Nothing was added. The goods are of {time}; what is newer is known when the line is back. Search for it by name."),
        "return_waits": _("It is not known whether the return was recorded."),
        "return_waits_hint": _("Keep the goods and pay nothing back yet. It is sent again once the line is back, and counts once, however often it is sent. Until then the next customer can be served."),
        "return_kept": _("A return waits for its answer: pay nothing back yet."),
        # the customer
        "card_ending": _("Card …{end}"),
        "found_without_line": _("Points when the line is back"),
        "may_spend_now": _("{points} may be spent now"),
        "no_phone_without_line": _("Nobody can be found by phone without the line."),
        "no_phone_without_line_hint": _("Scan the card or the code on the customer's phone: the points come when the line is back. New members are enrolled then, too."),
        "points_later": _("Points will be added when the till is back on line."),
        "kept_to_send": _("Kept, will be sent"),
        # the list
        "queue_title": _("Sold without the line"),
        "waiting_title": _("To be sent"),
        "none_waiting": _("Everything is sent."),
        "more_waiting": forms("and {n} more", "and {n} more"),
        "refused_title": _("Need a look"),
        "giving_up": _("Giving up {receipt}"),
        "seen_to": _("Seen to"),
        "sure_seen_to": _("Press again: it leaves the list"),
        "send_now": _("Send now"),
        "look_for_line": _("Look for the line"),
        "here_title": _("What this till knows by itself"),
        "data_as_of": _("Data of"),
        "goods_known": _("Goods"),
        "products_known": forms("{n} product", "{n} products"),
        "goods_left_out": _("Known with the line only"),
        "promotions_here": _("Promotions that work without the line"),
        "none_any_more": _("none any more"),
        "may_spend_here": _("May still be paid with points here"),
        "spent_waiting": _("Points spent, not sent yet"),
        "kept_safe": _("Kept for good by this browser"),
        "kept_safe_yes": _("yes"),
        "kept_safe_no": _("not promised: do not clear the browser's data before everything is sent"),
        # errors: what happened, what was not done
        "error_offline_spending": _("Without the line this customer cannot pay with points.|The price is shown without them."),
        "error_offline_allowance": _("Without the line fewer points may be spent here.|The price is shown without them. Use fewer, or as many as possible."),
        "error_offline_code_late": _("The code of the phone has run out.|The price is shown without points. Scan a new one."),
        "error_offline_goods": _("Points do not pay for these goods.|The price is shown without them."),
        "error_offline_gift_card": _("Gift cards need the line.|The price is shown without it."),
    }  # fmt: skip
