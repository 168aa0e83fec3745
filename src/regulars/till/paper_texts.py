"""Texts of the till about paper: the receipt printer, the cash drawer, vouchers on slips; and of training."""

# ruff: noqa: E501 - a list of sentences reads best one to a line

from __future__ import annotations

from regulars.i18n import Language


def paper_texts(language: Language) -> dict[str, str | dict[str, str]]:
    """Name → text; an error has its title and what to do, with a bar between."""
    _ = language.gettext
    return {
        "voucher": _("Voucher"),
        "voucher_until": _("Good until {day}"),
        "print_browser": _("Print in the browser"),
        "print_once_more": _("Print again"),
        "prints_by_itself": _("Prints by itself"),
        "printing": _("Printing …"),
        "tax_before": _("of which tax paid before"),
        "printed": _("Printed."),
        "not_printed": _("The receipt is not printed."),
        "not_recorded_here": _("Training: nothing was recorded"),
        "drawer_opened": _("The drawer is open."),
        "drawer_noted": _("Who opened it and why is noted."),
        "error_printer_missing": _("This till has no receipt printer.|Print in the browser, or let one be entered in the set-up."),
        "error_printer_unreachable": _("The receipt printer cannot be reached.|Look whether it is switched on and its cable is in, then print again."),
        "error_printer_silent": _("The receipt printer does not answer.|Look whether the paper came out; if not, switch it off and on, then print again."),
        "error_printer_no_paper": _("The receipt printer is out of paper.|Put in a new roll, then print again."),
        "error_printer_open": _("The cover of the receipt printer is open.|Close it, then print again."),
        "error_printer_fault": _("The receipt printer has stopped.|Look whether paper is stuck in it, switch it off and on, then print again."),
        "error_printer_busy": _("The receipt printer is busy with another till's paper.|Wait a moment, then print again."),
        "error_printer_no_way": _("The server cannot be reached, and with it the receipt printer.|Print in the browser."),
        "error_not_installed": _("This installation cannot speak with receipt printers.|Print in the browser."),
        "error_training_mode": _("This till is in training.|Nothing was recorded. This cannot be practised; end the training to do it."),
    }  # fmt: skip
