"""What did not agree with receipts made without the line: what each kind is called, and the sentence that tells it."""

from __future__ import annotations

from regulars.flows.offline_conflicts import ConflictView
from regulars.i18n import N_, Language
from regulars.purchases.offline.judging import Kind

CONFLICTS: dict[Kind, tuple[str, str]] = {
    "shortfall": (N_("Paid by the store"), "bad"),
    "over_allowance": (N_("More than the allowance"), "bad"),
    "over_till_total": (N_("More than a till may risk"), "warning"),
    "allowance_forged": (N_("No allowance of ours"), "bad"),
    "allowance_expired": (N_("Allowance out of date"), "warning"),
    "snapshot_old": (N_("Data out of date"), "warning"),
    "counter_gap": (N_("Receipts are missing"), "warning"),
    "counter_reused": (N_("A number used twice"), "bad"),
    "device_unknown": (N_("A device not known here"), "warning"),
    "price_differs": (N_("Another discount"), ""),
    "clock_wrong": (N_("A clock that is wrong"), ""),
}
"""What a kind is called, and its colour."""


def conflict_text(one: ConflictView, currency: str, language: Language) -> str:
    """What did not agree, in a sentence. `currency`: of the program."""
    words = {"money": language.money(abs(one.amount), currency), "counter": language.number(one.counter)}
    if one.kind == "counter_gap":
        text = language.ngettext(
            "%(num)s receipt before number %(counter)s has not come yet.",
            "%(num)s receipts before number %(counter)s have not come yet.",
            one.missing,
        )
        return text % {**words, "num": language.number(one.missing)}
    if one.kind == "clock_wrong":
        minutes = max(1, round(abs(one.seconds) / 60))
        if one.seconds > 0:
            text = language.ngettext(
                "The device's clock was %(num)s minute ahead; the receipt's time was set right.",
                "The device's clock was %(num)s minutes ahead; the receipt's time was set right.",
                minutes,
            )
        else:
            text = language.ngettext(
                "The device's clock was %(num)s minute behind; the receipt's time was set right.",
                "The device's clock was %(num)s minutes behind; the receipt's time was set right.",
                minutes,
            )
        return text % {"num": language.number(minutes)}
    if one.kind == "price_differs":
        return language.gettext(_DIFFERS[one.amount > 0] if one.amount else _DIFFERS_NOWHERE) % words
    return language.gettext(_SENTENCES[one.kind]) % words


_SENTENCES: dict[Kind, str] = {
    "shortfall": N_(
        "The store pays %(money)s: these points were not there, or the till was not allowed them."
    ),
    "over_allowance": N_(
        "Points for %(money)s were spent beyond what the till was allowed; the store pays them."
    ),
    "over_till_total": N_("With this receipt the till was %(money)s above what one till may risk."),
    "allowance_forged": N_(
        "Nobody let the till spend these points: the store pays %(money)s, the member nothing."
    ),
    "allowance_expired": N_("%(money)s were paid with points after the allowance had ended."),
    "snapshot_old": N_("The till sold by data that was older than the program allows."),
    "counter_reused": N_("Number %(counter)s of this device came twice; both receipts are recorded."),
    "device_unknown": N_("The receipt names a device that was not registered at this store."),
}
_DIFFERS = {
    True: N_("The till took off %(money)s less than Regulars would have."),
    False: N_("The till took off %(money)s more than Regulars would have."),
}
_DIFFERS_NOWHERE = N_("The till took the same off in all, but on other lines.")
