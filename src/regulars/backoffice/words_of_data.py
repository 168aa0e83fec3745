"""What kinds of data, states of work and conversions are called, and the sentences of reports that are translated."""

from __future__ import annotations

from regulars.i18n import N_

KINDS: dict[str, str] = {
    "members": N_("Members"),
    "cards": N_("Cards"),
    "balances": N_("Balances with their lots"),
    "products": N_("Products"),
    "stores": N_("Stores"),
    "purchases": N_("Purchases"),
    "activities": N_("Activities"),
}
STATES: dict[str, tuple[str, str]] = {
    "waiting": (N_("Waiting"), "information"),
    "running": (N_("Running"), "information"),
    "done": (N_("Done"), "good"),
    "failed": (N_("Failed"), "bad"),
    "undoing": (N_("Being taken back"), "information"),
    "undone": (N_("Taken back"), "warning"),
}
"""The word, and its tone."""
CONVERSIONS: tuple[tuple[str, str], ...] = (
    ("", N_("as it stands")),
    ("money", N_("an amount with decimals: 12.50")),
    ("points", N_("points, rounded down")),
    ("date:dmy", N_("a date: 31.12.2025")),
    ("date:mdy", N_("a date: 12/31/2025")),
    ("date:ymd", N_("a date: 2025/12/31")),
    ("instant:dmy", N_("a moment: 31.12.2025 17:30")),
    ("instant:mdy", N_("a moment: 12/31/2025 5:30 pm")),
    ("instant:ymd", N_("a moment: 2025/12/31 17:30")),
    ("unix", N_("a moment: seconds since 1970")),
    ("list:,", N_("several, divided by commas")),
    ("list:|", N_("several, divided by upright lines")),
    ("paths", N_("categories: Food > Dairy, Offers")),
    ("percent", N_("a percentage: 21")),
    ("yes_no", N_("yes or no")),
    ("consent:email/marketing", N_("yes or no: agrees to marketing by email")),
    ("consent:sms/marketing", N_("yes or no: agrees to marketing by SMS")),
    ("consent:phone/marketing", N_("yes or no: agrees to marketing by phone")),
    ("consent:post/marketing", N_("yes or no: agrees to marketing by post")),
)
FORMATS: tuple[tuple[str, str], ...] = (
    ("xlsx", N_("Excel (.xlsx)")),
    ("csv", N_("CSV")),
    ("parquet", N_("Parquet")),
)
SENTENCES: tuple[str, ...] = (
    N_("is not a whole number"),
    N_("is not a whole number above 0"),
    N_("is not a number, as 1234.56"),
    N_("is another member's"),
    N_("is another card's number"),
    N_("names the same member as another row"),
    N_("is not a phone number; write it with its country code, as +44 …"),
    N_("is not an email address"),
    N_("leads to no member of the program"),
    N_("leads to a member who was erased"),
    N_("has passed: these points are not there any more"),
    N_("is neither yes nor no"),
    N_("has a year of two digits"),
    N_("is not a date in the order dmy"),
    N_("is not a date in the order mdy"),
    N_("is not a date in the order ymd"),
    N_("stands in an earlier row"),
    N_("belongs to another product"),
    N_("choose a file"),
    N_("The file is empty."),
    N_("The file has no rows below its heading."),
    N_("This is neither a CSV nor an Excel nor a Parquet file."),
    N_("The Excel file is damaged, or closed with a password."),
    N_("The Excel file unpacks to more than a table can need."),
    N_("This is an old Excel file (.xls): save it as .xlsx or as CSV."),
    N_("There is no such file, or its time is over: send it again."),
    N_("The time in which this import could be undone is over."),
    N_("Only an import that is done, and wrote something, can be undone, and once."),
)
"""Details that pages meet; one that is not here is shown as the API says it."""
