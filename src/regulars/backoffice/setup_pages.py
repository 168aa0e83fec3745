"""The pages of the set-up, in the order in which they are declared."""

from __future__ import annotations

from regulars.backoffice import (
    setup_branding,
    setup_currencies,
    setup_exclusions,
    setup_keys,
    setup_points_rates,
    setup_printers,
    setup_program,
    setup_sandbox,
    setup_stores,
    setup_texts,
    setup_tiers,
    setup_wallets,
)
from regulars.backoffice.office import Page

items: list[Page] = [
    *setup_program.pages.items,
    *setup_currencies.pages.items,
    *setup_points_rates.pages.items,
    *setup_stores.pages.items,
    *setup_printers.pages.items,
    *setup_keys.pages.items,
    *setup_wallets.pages.items,
    *setup_texts.pages.items,
    *setup_tiers.pages.items,
    *setup_branding.pages.items,
    *setup_exclusions.pages.items,
    *setup_sandbox.pages.items,
]
