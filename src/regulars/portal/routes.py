"""All pages of the portal; what goes wrong on them is told as a page."""

from __future__ import annotations

from typing import Any

from litestar import Router

from regulars.errors import Problem
from regulars.portal import confirming, contact, data, devices, door, household, installing, me, pages, wallet
from regulars.portal.visiting import on_problem

routes: list[Any] = [
    Router(
        "/",
        route_handlers=[
            *pages.routes,
            *door.routes,
            *me.routes,
            *contact.routes,
            *confirming.routes,
            *household.routes,
            *devices.routes,
            *data.routes,
            *wallet.routes,
            *installing.routes,
        ],
        exception_handlers={Problem: on_problem},
    )
]
