"""Every text of the till page that its scripts show, in one language."""

# ruff: noqa: E501 - a list of sentences reads best one to a line

from __future__ import annotations

from regulars.i18n import Language


def texts(language: Language) -> dict[str, str | dict[str, str]]:
    """Name → text; where a text counts, its plural forms by CLDR category."""
    _ = language.gettext
    return {
        **_counted(language),
        # the receipt
        "quantity_of": _("Quantity of {name}"),
        "one_less": _("One less: {name}"),
        "one_more": _("One more: {name}"),
        "remove": _("Remove"),
        "key_delete": _("Del"),
        "added": _("{name}, {quantity} on the receipt"),
        "removed": _("{name} was removed"),
        "gross": _("Goods"),
        "discount": _("Discount"),
        "discounts": _("Discounts"),
        "points_reduction": _("Price reduced by points"),
        "paid_with_points": _("Paid with points"),
        "total_is": _("To pay {money}"),
        "cancel_receipt": _("Cancel"),
        "sure_cancel": _("Press again"),
        # goods
        "nothing_found": _(
            "Nothing is called “{words}”. Try fewer letters, or the number under the barcode."
        ),
        "sold_lately": _("Sold lately"),
        "no_product": _("No product has the code {code}."),
        "no_product_hint": _("Nothing was added. Search for it by name."),
        # the customer
        "member": _("Member"),
        "no_customer": _("No customer"),
        "customer_found": _("{name} recognised"),
        "worth": _("worth {money}"),
        "found_by_phone": _("Recognised by phone"),
        "found_by_card": _("Recognised by card"),
        "found_by_receipt": _("From the receipt put aside"),
        "no_card": _("This card is not known."),
        "no_card_hint": _("Nobody was chosen. Scan it again, or ask for the phone number."),
        "bad_phone": _("This is neither a phone number nor a card number."),
        "bad_phone_hint": _(
            "Nobody was chosen. Check the digits; a number from abroad begins with + and its country."
        ),
        "enrol_title": _("{phone} is not a member yet"),
        "enrolled": _("Welcome: a new member."),
        "enrolled_hint": _("This purchase already counts."),
        "earns": _("{points} for this purchase"),
        "would_earn": _("{points} with a card"),
        "ask_for_card": _("Ask for the card or the phone number"),
        # points
        "all_points": _("All: {points}"),
        "as_many_as_possible": _("as many points as possible"),
        # who spends
        "proof_title": _("Who pays with the points?"),
        "proof_hint": _(
            "Send a code to the customer and type it here, type the PIN, or scan the customer's phone."
        ),
        "confirm_title": _("Confirm the phone"),
        "confirm_hint": _(
            "Send a code to the customer and type it here. Until then points are collected, and cannot be spent."
        ),
        "code_sent": _("A code was sent to {to}. It can be used until {time}."),
        "code_shape": _("Type the six digits that the customer got."),
        "confirmed": _("Confirmed."),
        "confirmed_hint": _("From now on the customer may pay with points."),
        "code_late": _("This code is from another moment."),
        "code_not_ours": _("This is no code of this program."),
        "code_seen": _("This code was used already."),
        "code_again": _("Nothing was chosen. Let the customer show the next code, and scan that."),
        # payment
        "scan_goods": _("Scan the goods"),
        "no_price": _("Waiting for the price"),
        "take_payment": _("Take payment"),
        "paid": _("Paid"),
        "recording": _("Recording…"),
        "send_again": _("Send again"),
        "cash_hint": _("With cash, the change is shown here."),
        "not_an_amount": _("This is not an amount of money."),
        "short_by": _("{money} is missing"),
        "change": _("Change"),
        "no_answer": _("No answer from the server."),
        "no_answer_hint": _("Nothing is lost. Send it again: it is recorded once, however often it is sent."),
        "price_changed": _("The sum changed: now {now}, before {before}."),
        "price_changed_hint": _("Nothing was recorded yet. Tell the customer, then go on."),
        "given_up": _("The purchase was given up."),
        "given_up_hint": _("It is not recorded, and cannot be any more. The goods are still on the receipt."),
        # done
        "recorded": _("Recorded"),
        "give_change": _("Change to give:"),
        "got": _("Points got"),
        "has_now": _("Balance now"),
        "next_customer": _("Next customer"),
        "print": _("Print"),
        "paper_width": _("Paper width"),
        "undo_purchase": _("Undo the purchase"),
        "sure_undo": _("Press again to undo"),
        "undone": _("The purchase was undone."),
        "undone_hint": _("Give {money} back; points are as before."),
        # put aside
        "held": _("The receipt was put aside."),
        "held_hint": _("Its points and offers stay reserved. Page Up brings it back."),
        "held_title": _("Put aside at this till"),
        "none_held": _("Nothing is put aside."),
        "held_until": _("Reserved until {time}"),
        "change_it": _("Change it"),
        "let_go": _("Let it go"),
        "sure_let_go": _("Press again"),
        "let_gone": _("The receipt was let go."),
        "let_gone_hint": _("Nothing was sold; its points are free again."),
        "no_longer_held": _("This receipt is no longer put aside."),
        "no_longer_held_hint": _("Its time was over, or it was finished elsewhere. Scan the goods again."),
        "finish_first": _("There are goods on the receipt."),
        "finish_first_hint": _("Finish it, put it aside or cancel it first."),
        "loading": _("One moment…"),
        "choose_receipt": _("Choose a receipt"),
        "back": _("Back"),
        # receipts and returns
        "receipts_title": _("Receipts and returns"),
        "receipt_title": _("Receipt"),
        "return_title": _("What comes back?"),
        "receipt_number": _("Receipt number"),
        "receipt_placeholder": _("scan it, or type"),
        "find": _("Find"),
        "last_here": _("The last at this till"),
        "no_receipt": _("No receipt has this number."),
        "no_receipt_hint": _("Check the number under the bars, or choose from the last ones."),
        "status_held": _("put aside"),
        "status_recorded": _("paid"),
        "status_voided": _("undone"),
        "status_partly_returned": _("partly returned"),
        "status_returned": _("returned"),
        "return_quantity_of": _("How much of {name} comes back"),
        "left_of": _("{left} of {bought} may come back"),
        "all_returned": _("all of it came back already"),
        "too_many_back": _("That is more than may come back."),
        "too_many_back_hint": _("Of this line {left} are left."),
        "not_on_receipt": _("This product is not on the receipt."),
        "not_on_receipt_hint": _(
            "Nothing was added: it was not bought with this receipt, or has all come back."
        ),
        "return_all": _("Everything"),
        "print_again": _("Print the receipt"),
        "pay_back": _("Pay back"),
        "money_back": _("Money back"),
        "points_back": _("Points given back"),
        "points_taken": _("Points taken back"),
        "points_owed": _("Will be taken from later points"),
        "return_recorded": _("Return recorded"),
        "hand_back": _("Hand the money to the customer."),
        # paper
        "till_number": _("Till {till}"),
        "to_pay": _("To pay"),
        "cash": _("Cash"),
        "tax_of": _("of which tax {rate}"),
        "you_got": _("You got"),
        "you_paid_with": _("You paid with"),
        "you_have": _("You have"),
        "goods_back": _("Goods returned"),
        "claim_code": _("Code to claim the points: {code}"),
        # the cashier
        "cashier_is": _("Cashier: {cashier}"),
        "no_cashier": _("No cashier is named now."),
        **_errors(language),
    }


def _counted(language: Language) -> dict[str, str | dict[str, str]]:
    forms = language.plural_forms
    return {
        "items": forms("{n} line", "{n} lines"),
        "found": forms("{n} product found", "{n} products found"),
        "expire_on": forms("{points} expires on {day}", "{points} expire on {day}"),
    }


def _errors(language: Language) -> dict[str, str]:
    """By the API's stable code: what happened, then what was not done and what to do."""
    _ = language.gettext
    return {
        "error_offline": _("The server cannot be reached.|Nothing was recorded. The receipt stays here; it is tried again."),
        "error_overloaded": _("The server is busy.|Nothing was recorded. Try again in a moment."),
        "error_too_many_requests": _("Too many searches in a minute.|Wait a moment, then search again."),
        "error_internal_error": _("The server made a mistake.|Nothing was recorded. Try again; if it stays so, call for help."),
        "error_unauthenticated": _("You are signed out.|Reload the page and sign in; the receipt stays here."),
        "error_forbidden": _("This page is too old.|Nothing was recorded. Reload it; the receipt stays here."),
        "error_scope_missing": _("This till's key may not do that.|Nothing was recorded. Ask whoever set up the till."),
        "error_proof_required": _(
            "Points need a proof here.|Scan the card or the code on the customer's phone, or type the code that the customer got. The price is shown without points."
        ),
        "error_proof_wrong": _("This code is not right.|Nothing was recorded. Try it again, send another code, or scan the customer's phone. After five wrong ones points are locked here for a while."),
        "error_code_wrong": _("This code is not right.|Nothing was confirmed. Try it again, or send another code. After five wrong ones points are locked here for a while."),
        "error_spending_locked": _("Points are locked here for {minutes} min after wrong codes.|This purchase still earns. The price is shown without points."),
        "error_channel_unavailable": _("No code can be sent to this customer.|Nothing was sent. Scan the code on the customer's phone, or go on without points."),
        "error_insufficient_points": _("There are not that many points.|The price is shown without them. Use fewer, or as many as possible."),
        "error_spending_not_allowed": _("This member only collects points for the account.|She may not pay with them. The price is shown without points."),
        "error_spender_limit": _("That is more than this member may spend of the account today.|The price is shown without points. Use fewer, or as many as possible."),
        "error_card_blocked": _("This card is blocked.|Nothing was recorded. Go on without it, or find the customer by phone."),
        "error_card_unassigned": _("This card belongs to nobody yet.|It may collect points but not pay with them."),
        "error_invalid_card_number": _("This is not a card of this program.|It was mistyped or misread: scan it again, or ask for the phone number."),
        "error_hold_lapsed": _("The reservation ran out.|Nothing was recorded. Choose Change it and go on from there."),
        "error_already_returned": _("More would come back than was bought.|Nothing was recorded. Open the receipt again and see what is left."),
        "error_request_voided": _("This purchase was given up before.|Nothing was recorded. Take the payment again: it gets a new number."),
        "error_request_key_reused": _("This receipt's number was used before.|Nothing was recorded. Take the payment again: it gets a new number."),
        "error_state_conflict": _("This was settled in another way already.|Nothing was changed. Open it again to see how."),
        "error_not_found": _("There is no such thing in this program.|Nothing was done. Search again."),
        "error_purchased_in_the_future": _("The clock of this till is wrong.|Nothing was recorded. Set the clock, then go on."),
        "error_invalid_value": _("Something on the receipt cannot be.|Nothing was recorded. Check quantities and the customer."),
        "error_other": _("This could not be done.|{detail}"),
    }  # fmt: skip
