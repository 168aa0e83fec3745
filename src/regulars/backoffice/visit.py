"""One visit to a page of the back office: who looks, at which program, with what; and the ways to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Stream
from msgspec import Struct

from regulars import clock, ids
from regulars.backoffice import refusals, saying
from regulars.backoffice.places import places
from regulars.db import requests
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.errors import InvalidValue, Problem
from regulars.flows.known_programs import Known
from regulars.i18n import Language
from regulars.programs.model import Program, Store
from regulars.programs.roles import Permission, Role
from regulars.programs.staff.sessions import SignedIn
from regulars.texts import said
from regulars.web import bodies, pages

ROOT = "/backoffice"
HttpRequest = Request[Any, Any, Any]
Shape = TypeVar("Shape", bound=Struct)


class Staff(Struct, frozen=True):
    """Who looks, and what she may see."""

    id: UUID
    name: str
    email: str
    roles: tuple[Role, ...]
    permissions: frozenset[Permission]
    stores: frozenset[UUID] | None
    """The stores whose purchases and figures she may see; None: all."""
    partner: UUID | None
    """The partner for whom she works; None: for the program."""


@dataclass
class Visit:
    """What a handler gets: the request as it was understood, and the ways to answer it."""

    request: HttpRequest
    signed_in: SignedIn
    staff: Staff
    known: Known
    language: Language
    csrf: str
    address: str = ""
    """From where, as the server sees it."""
    problem: Problem | None = None
    """Why the write that was sent from this page was refused: the page is shown again with it."""
    _form: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """The program as it is now."""
        return self.known.program

    @property
    def state(self) -> Any:
        """The process's state: `known`, `recorder`, `post_office`, `settings` …"""
        return self.request.app.state

    @property
    def path(self) -> dict[str, str]:
        """What stands in the address for `{…}`."""
        return self.request.path_params

    @property
    def query(self) -> dict[str, str]:
        """What stands behind the question mark, the last of each name."""
        return {name: value for name, value in self.request.query_params.items() if name != "lang"}

    @property
    def htmx(self) -> bool:
        """Whether a part of the page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def why(self) -> str:
        """Why she does it, where the form asks for it."""
        return self.form("why").replace("\0", "")

    @cached_property
    def actor(self) -> Actor:
        """Who makes what is changed from this page."""
        agent = self.signed_in.session.agent
        by = f"{self.request.method} {self.request.scope.get('path_template', '')}"
        who = ids.show("stf", self.staff.id)
        return Actor("staff", who, self.staff.name, self.address, agent, by, self.why)

    @cached_property
    def database(self) -> Database:
        """The pool, in her name."""
        return self.state.database.acting(self.actor)

    @property
    def by(self) -> str:
        """Who, as facts name their author."""
        return f"staff {ids.show('stf', self.staff.id)}"

    def said(self, texts: Mapping[str, str]) -> str:
        """A text of the program in the reader's language, else in the program's first."""
        return said(texts, self.language.code, self.program.languages[0])

    @property
    def zone(self) -> ZoneInfo:
        """The program's time zone."""
        return clock.zone(self.program.time_zone)

    @property
    def stores(self) -> list[Store]:
        """The stores that she may see, by name."""
        may = self.staff.stores
        found = [store for store in self.program.stores.values() if may is None or store.id in may]
        return sorted(found, key=lambda store: self.language.sorting_key(store.name))

    async def now(self) -> datetime:
        """The present instant by the program's clock."""
        return await self.state.known.now(self.program.id)

    def may(self, permission: Permission) -> bool:
        """Whether her roles allow it."""
        return permission in self.staff.permissions

    # what was sent

    def form(self, name: str, default: str = "") -> str:
        """A field of the form, trimmed."""
        values = self._form.get(name)
        return values[-1].strip() if values and isinstance(values[-1], str) else default

    def untrimmed(self, name: str) -> str:
        """A field of the form exactly as it was typed: a password."""
        values = self._form.get(name)
        return values[-1][:300] if values and isinstance(values[-1], str) else ""

    def form_list(self, name: str) -> list[str]:
        """Every value of a field that may stand several times."""
        return [value.strip() for value in self._form.get(name, []) if isinstance(value, str)]

    def form_fields(self) -> dict[str, str]:
        """Every field, the last value of each name."""
        return {name: self.form(name) for name in self._form if name not in ("csrf", "request", "why")}

    def upload(self, name: str) -> UploadFile | None:
        """A file that came with the form."""
        values = self._form.get(name)
        return values[-1] if values and isinstance(values[-1], UploadFile) else None

    async def once(self, content: Any = None) -> requests.Request:
        """The request key of the form (its hidden field `request`): a double click does it once.

        Raises InvalidValue where the form names none.
        """
        key = self.form("request")
        if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
            raise InvalidValue("/request", "this form was not made by the page: open the page anew")
        key = f"office/{key}"
        content = content if content is not None else self.form_fields()
        named = f"{self.request.method} {self.request.url.path}"
        digest = requests.secret_digest(self.known.vault.keyring.secret, named, content)
        return requests.Request(self.program.id, self.staff.id, key, digest, await self.now())

    # how to answer

    def refusal_title(self) -> str:
        """Why the write was refused, in one sentence."""
        assert self.problem is not None
        return refusals.title(self.problem, self.language)

    def refusal_lines(self) -> list[str]:
        """What else there is to say of it."""
        assert self.problem is not None
        return refusals.lines(self.problem, self.language)

    def fault(self, pointer: str) -> str:
        """What was wrong with a field; empty: nothing."""
        return refusals.of_field(self.problem, pointer, self.language)

    def page(self, template: str, /, *, status: int = 200, **context: Any) -> Response[str]:
        """A whole page: templates/backoffice/`template`.html; everything in `context` is escaped."""
        if self.problem is not None and status == 200:
            status = self.problem.status
        text = self.render(template, **context)
        headers = {**pages.SECURITY_HEADERS, "Content-Language": self.language.code}
        return Response(
            text,
            status_code=status,
            media_type="text/html",
            headers=headers,
            cookies=pages.language_cookies(self.request, self.language),
        )

    part = page
    """A part of a page, for htmx: a template that does not extend the layout."""

    def render(self, template: str, /, **context: Any) -> str:
        """The text of a template with what every page knows."""
        return pages.render(
            self.language,
            f"backoffice/{template}.html",
            visit=self,
            staff=self.staff,
            program=self.program,
            csrf=self.csrf,
            may=self.may,
            zone=self.zone,
            path=self.request.url.path,
            query=self.query,
            places=places(self.staff.permissions, self.request.url.path, self.language),
            said=saying.read(self.request, self.state.settings.secret),
            problem=self.problem,
            request_key=lambda: uuid4().hex,
            script_data=pages.script_data,
            **context,
        )

    def to(self, path: str, *, done: str = "", tone: str = "good") -> Response[Any]:
        """On to another page (`/members`, below the back office's root), which says `done` once at its head."""
        address = ROOT + path
        headers = dict(pages.SECURITY_HEADERS)
        if self.htmx:  # a redirect would be followed inside the part
            answer: Response[Any] = Response("", status_code=204, headers={**headers, "HX-Redirect": address})
        else:
            answer = Redirect(address, status_code=303, headers=headers)
        if done:
            saying.say(answer, done, tone, self.state.settings)
        return answer

    def file(self, name: str, body: bytes | str, media_type: str) -> Response[Any]:
        """A file to be saved under `name` (ASCII letters, digits, points and hyphens)."""
        return Response(body, media_type=media_type, headers=_saved_as(name))

    def stream(self, name: str, pieces: AsyncIterator[bytes], media_type: str) -> Response[Any]:
        """The same of a file that is too large to be held; nobody keeps it on its way."""
        headers = {**_saved_as(name), "Cache-Control": "private, no-store"}
        return Stream(pieces, media_type=media_type, headers=headers)

    def read(self, shape: type[Shape], content: Any) -> Shape:
        """A struct made of a form's fields, as strict as a body. Raises Unprocessable."""
        return bodies.decode(msgspec.json.encode(content), msgspec.json.Decoder(shape))


def _saved_as(name: str) -> dict[str, str]:
    return {**pages.SECURITY_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
