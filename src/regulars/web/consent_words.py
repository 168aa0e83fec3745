"""What channels and purposes of consents are called: on members' pages, and where a till enrols."""

from __future__ import annotations

from regulars.i18n import N_, Language

TERMS = N_("I agree to the terms of the program and that it keeps what I buy with the card.")
CHANNELS = {
    "email": N_("Email"),
    "sms": N_("Text message"),
    "phone": N_("Phone call"),
    "post": N_("Letter"),
    "push": N_("Message on this phone"),
}
PURPOSES = {
    "marketing": N_("Offers and news"),
    "profiling": N_("Offers chosen by what you buy"),
    "partners": N_("Offers of partners"),
    "service": N_("News about your account"),
}


def channel_text(language: Language, channel: str) -> str:
    """What a channel is called."""
    return language.gettext(CHANNELS[channel])


def purpose_text(language: Language, purpose: str) -> str:
    """What a purpose is called: the common ones in words, others as the program wrote them."""
    known = PURPOSES.get(purpose)
    return language.gettext(known) if known else purpose.replace("_", " ").replace("-", " ")
