"""What is wrong with a receipt printer: of the tree in `errors` what printing alone raises."""

from __future__ import annotations

from regulars.errors import Conflict


class PrinterMissing(Conflict):
    code, title = "printer_missing", "No receipt printer is set up for this till."


class PrinterUnreachable(Conflict):
    code, title = "printer_unreachable", "The receipt printer cannot be reached; nothing was printed."


class PrinterSilent(Conflict):
    code, title = "printer_silent", "The receipt printer does not answer; it is not known what was printed."


class PrinterNoPaper(Conflict):
    code, title = "printer_no_paper", "The receipt printer is out of paper."


class PrinterOpen(Conflict):
    code, title = "printer_open", "The cover of the receipt printer is open."


class PrinterFault(Conflict):
    code, title = "printer_fault", "The receipt printer has stopped and needs help."


class PrinterBusy(Conflict):
    code, title = (
        "printer_busy",
        "The receipt printer is busy with another till's paper; nothing was printed.",
    )
