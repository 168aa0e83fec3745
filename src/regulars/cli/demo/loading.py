"""Loads the demo through the same flows as everything else, with a progress bar; goes on where it was stopped.

Every step is a request with a name of its own, so that repeating it changes nothing; the receipts moreover note how
far they have come. They are loaded in slices of their time, in two lanes of members, so that each member's
purchases stay in their order.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from regulars import clock, ids
from regulars.cli import credentials
from regulars.cli.credentials import DemoLogins
from regulars.cli.demo import (
    bottles,
    chain,
    challenges,
    flights,
    gift_cards,
    passing,
    pastimes,
    people,
    promotions,
    shared,
)
from regulars.cli.demo.pastimes import Scene
from regulars.cli.demo.receipts import MEMBERS, Demo, Receipt
from regulars.cli.places import Place, Refused
from regulars.cli.staff import made_up
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import StateConflict
from regulars.flows.add_staff import add_staff
from regulars.flows.confirm_contact import confirm_contact
from regulars.flows.consent_wordings import enter_wording
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.edit_assortment import upsert_products
from regulars.flows.enrol import Enrolment, enrol
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.ladders import put_ladder
from regulars.flows.notice_absences import judge_rhythms
from regulars.flows.publish_promotion import create_promotion, publish_promotion
from regulars.flows.receive_purchases import Recorder
from regulars.flows.record_purchases import Recorded
from regulars.flows.register_store import NewStore, register_store
from regulars.flows.return_goods import return_goods
from regulars.flows.roll_figures import roll_figures
from regulars.flows.run_team import read_team
from regulars.flows.staff_passwords import give_reset_link, set_password_by_link
from regulars.flows.track_task import advance_task, begin_task, find_task, finish_task
from regulars.members.vault import Keyring
from regulars.programs.model import Caller, Program
from regulars.purchases.returning import ReturnLine, ReturnRequest

SLICE = 1024
BATCH = 128
LANES = 2
TIER_NAMES = {**promotions.TIER_NAMES, **bottles.TIER_NAMES, **flights.TIER_NAMES}
PRODUCTS_AT_ONCE = 2500
COLLECTED_AFTER = (100_000, 50, 100)
"""Garbage is looked for seldom: the receipts are a million objects that stay to the end, and each look walks them."""
UNCONFIRMED_EVERY = 16
"""One in so many members has not confirmed her phone yet, and cannot pay with points."""
PATH = "POST /v1/purchases"
ACTOR = Caller(chain.PROGRAM, chain.PROGRAM, frozenset({"manage", "till", "issuer"}), name="demo")


class Loaded(NamedTuple):
    """What a run did, for the closing line."""

    recorded: int
    repeated: int
    refused: int


class Loader:
    """One run of the loading."""

    def __init__(self, database: Database, keyring: Keyring, bar: Progress):
        self.database = database
        self.bar = bar
        self.keyring = keyring
        self.known = KnownPrograms(database, keyring)
        self.recorder = Recorder(database, self.known, keyring.secret, lanes=LANES)
        self.at = clock.world()
        self.counts = [0, 0, 0]

    def request(self, name: str, content: Any, at: datetime | None = None) -> Request:
        """The request key of one step, as of now: what members do stands after the receipts that it is paid with."""
        at = at or clock.world()
        return Request(chain.PROGRAM, chain.PROGRAM, f"demo/{name}", digest(name, content), at)

    async def whole(self, *, logins: bool) -> tuple[Loaded, DemoLogins | None]:
        """Everything that is not there, in its order; and log-ins, if they are asked for or the demo is new.

        Raises ImportError without the extra.
        """
        task = await find_task(self.database, chain.TASK)
        if task is not None and task.status == "done" and not logins:
            return Loaded(0, task.total, 0), None
        program = await self.program()
        until = datetime.fromisoformat(task.payload["until"]) if task else self.at
        step = self.bar.add_task("Reading the receipts", total=None)
        demo = await asyncio.to_thread(_read, until)
        self.bar.update(step, total=1, completed=1)
        total = len(demo.receipts)
        payload = {"until": until.isoformat()}
        task = await begin_task(
            self.database, chain.TASK, chain.PROGRAM, "load_demo", payload, total, self.at
        )
        await self.shops()
        await self.goods(demo)
        await self.promotions(min(demo.enrolled_at))
        await self.ladders(min(demo.enrolled_at))
        await challenges.load(self.database, chain.PROGRAM, until)
        program = await self.program()
        await self.wordings(program)
        cards = await self.members(program, demo)
        await shared.load(self.database, self.known, cards, demo.enrolled_at, self.request)
        await self.receipts(demo.receipts, cards, task.done, until)
        await self.recorder.close()
        if task.status != "done":  # who had too few points for something then would get it now
            scene = Scene(self.database, self.known, cards, demo.enrolled_at, until)
            await pastimes.load(scene, self.request, ACTOR)
        await roll_figures(self.database, chain.PROGRAM, clock.world())
        await judge_rhythms(self.database, program)  # who is overdue, before the first round of a day looks
        await finish_task(self.database, chain.TASK, clock.world())
        return Loaded(*self.counts), await self.logins(demo, cards)

    async def program(self) -> Program:
        """The program, made if it is not there."""
        settings = {
            "accent": chain.ACCENT, "names": {"tier": TIER_NAMES}, "gift_card_skus": [gift_cards.SKU],
            "passing": {
                "members": True, "most": 1000, "take_back_hours": 24,
                "charities": [one.code for one in passing.CHARITIES],
            },
            "regularity": {"on": True},
            "four_eyes_erasure": False,  # whoever tries the calls out has no colleague who could agree
        }  # fmt: skip
        new = NewProgram(chain.NAME, chain.CURRENCY, chain.TIME_ZONE, chain.LANGUAGES, settings)
        return (await create_program(self.database, new, at=self.at, program=chain.PROGRAM)).program

    async def shops(self) -> None:
        """The shops with their tills."""
        for shop in chain.SHOPS:
            tills = tuple(str(n + 1) for n in range(shop.tills))
            store = NewStore(shop.code, shop.name, groups=shop.groups, address=shop.address, tills=tills)
            await register_store(self.database, self.request(f"store/{shop.code}", shop), store)

    async def goods(self, demo: Demo) -> None:
        """The assortment."""
        step = self.bar.add_task("Products", total=len(demo.products))
        for begin in range(0, len(demo.products), PRODUCTS_AT_ONCE):
            part = demo.products[begin : begin + PRODUCTS_AT_ONCE]
            await upsert_products(self.database, chain.PROGRAM, part)
            self.bar.advance(step, len(part))

    async def promotions(self, since: datetime) -> None:
        """The promotions, published before the first receipt."""
        for name, document in promotions.DOCUMENTS.items():
            made = await create_promotion(
                self.database, self.request(f"promotion/{name}", name, since), document, "demo"
            )
            promotion = ids.read("prm", msgspec.json.decode(made.body)["id"])
            await publish_promotion(
                self.database, self.known, self.request(f"publish/{name}", name, since), promotion, "demo"
            )

    async def ladders(self, since: datetime) -> None:
        """By turnover and by visits, before the first receipt."""
        for code, ladder in promotions.LADDERS.items():
            await put_ladder(self.database, chain.PROGRAM, code, ladder, "demo", since)

    async def wordings(self, program: Program) -> None:
        """What members are asked to agree to."""
        request = self.request("wording/news", "news")
        await enter_wording(self.database, program, request, "demo", promotions.NEWS)

    async def members(self, program: Program, demo: Demo) -> list[str]:
        """The members, each enrolled shortly before the first receipt; their card numbers."""
        step = self.bar.add_task("Members", total=MEMBERS)
        vault = (await self.known.of(program.id)).vault
        cards: list[str] = []
        for number, at in enumerate(demo.enrolled_at):
            person = people.person(number)
            new = Enrolment(
                phone=person.phone,
                external_id=f"demo-{number + 1}",
                name=person.name,
                language=person.language,
                source="till",
            )
            request = self.request(f"member/{number}", number, at.astimezone(UTC))
            answer = await enrol(self.database, program, vault, request, ACTOR, new)
            view = msgspec.json.decode(answer.body)
            cards.append(view["cards"][0]["number"])
            if (number + 1) % UNCONFIRMED_EVERY:
                contact = vault.digest("phone", person.phone) if person.phone else None
                async with self.database.transaction(program.id) as tx:
                    await confirm_contact(
                        tx, program.id, ids.read("mem", view["id"]), "sms", contact, request.at
                    )
            self.bar.advance(step)
        return cards

    async def receipts(
        self, receipts: Sequence[Receipt], cards: list[str], done: int, until: datetime
    ) -> None:
        """The receipts that are not there yet, slice after slice, and what is brought back of them."""
        step = self.bar.add_task("Receipts", total=len(receipts), completed=done)
        for begin in range(done, len(receipts), SLICE):
            part = receipts[begin : begin + SLICE]
            lanes = [[r for r in part if (r.member or 0) % LANES == lane] for lane in range(LANES)]
            await asyncio.gather(*(self.lane(lane, cards, until, step) for lane in lanes))
            await advance_task(self.database, chain.TASK, begin + len(part))

    async def lane(self, receipts: list[Receipt], cards: list[str], until: datetime, step: Any) -> None:
        """One lane of a slice, batch by batch."""
        for begin in range(0, len(receipts), BATCH):
            part = receipts[begin : begin + BATCH]
            for receipt, recorded in zip(part, await self.record(part, cards), strict=True):
                self.counts[2 if recorded.answer is None else int(recorded.replayed)] += 1
                if receipt.returned and recorded.answer is not None:
                    await self.bring_back(receipt, str(recorded.answer.id), until)
            self.bar.advance(step, len(part))

    async def record(self, part: list[Receipt], cards: list[str]) -> list[Recorded]:
        """A batch; who turned out to have fewer points than were to be spent pays with money."""
        sent = [
            msgspec.structs.replace(r.sent, card=cards[r.member]) if r.member is not None else r.sent
            for r in part
        ]
        results = await self.recorder.record_all(
            ACTOR, [(one, digest(PATH, msgspec.to_builtins(one))) for one in sent], None, imported=True
        )
        again = [n for n, r in enumerate(results) if r.problem is not None and sent[n].spend]
        if again:
            plain = [msgspec.structs.replace(sent[n], spend=()) for n in again]
            second = await self.recorder.record_all(
                ACTOR, [(one, digest(PATH, msgspec.to_builtins(one))) for one in plain], None, imported=True
            )
            for n, result in zip(again, second, strict=True):
                results[n] = result
        return results

    async def bring_back(self, receipt: Receipt, purchase: str, until: datetime) -> None:
        """One piece of the first line that has whole pieces comes back the next day."""
        line = next(one for one in receipt.sent.lines if float(one.quantity).is_integer())
        at = min(receipt.sent.purchased_at + timedelta(days=1), until)
        sent = ReturnRequest(
            id=f"{receipt.sent.id}/return",
            lines=(ReturnLine(line.line, "1"),),
            returned_at=at,
            store=receipt.sent.store,
            till=receipt.sent.till,
            reason="demo",
        )
        request = Request(
            chain.PROGRAM, chain.PROGRAM, sent.id, digest(sent.id, msgspec.to_builtins(sent)), self.at
        )
        await return_goods(self.database, self.known, ACTOR, request, ids.read("pur", purchase), sent)

    async def logins(self, demo: Demo, cards: list[str]) -> DemoLogins:
        """Two new keys, and what a newcomer may try them with."""
        at = clock.world()
        store = chain.SHOPS[0]
        till = NewKey(("till",), name=f"Till of {store.name}", store=store.code)
        manage = NewKey(("manage", "till", "issuer", "read"), name="The demo's manager")
        _, till_key = await create_key(self.database, chain.PROGRAM, till, at=at)
        _, manage_key = await create_key(self.database, chain.PROGRAM, manage, at=at)
        password = await self.staff(await self.program())
        coffee = next(p for p in demo.products if "drinks/coffee" in p.categories)
        person = people.person(0)
        return DemoLogins(
            program=ids.show("prg", chain.PROGRAM),
            till_key=till_key,
            manage_key=manage_key,
            store=store.code,
            till="1",
            member=person.name,
            phone=person.phone,
            card=cards[0],
            sku=coffee.sku,
            product=coffee.name,
            price=coffee.price,
            category=coffee.categories[0],
            tax_rate=coffee.tax_rate,
            staff_password=password,
        )

    async def staff(self, program: Program) -> str:
        """The people of the back office, with a new password for all of them."""
        password, at = made_up(), clock.world()
        for one in chain.STAFF:
            stores = tuple(program.stores[code].id for code in one.stores)
            try:
                await add_staff(
                    self.database, program, email=one.email, name=one.name, password=password, roles=(one.role,),
                    stores=stores, at=at,
                )  # fmt: skip
            except StateConflict:  # there from before: the password that they had is lost
                team = await read_team(self.database, program.id, at)
                staff = next(colleague.id for colleague in team.people if colleague.email == one.email)
                link = await give_reset_link(self.database, program, None, staff, address="", at=at)
                token = link.rpartition("/")[2]
                secret = self.keyring.secret
                await set_password_by_link(self.database, secret, token, password, at=at)
        return password


def load(url: str, place: Place, out: Console) -> int:
    """Load the demo into a migrated database and keep its log-ins; the exit code. Raises Refused."""
    keyring = place.keyring()
    begun = time.monotonic()
    columns = (TextColumn("{task.description:<22}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))

    async def run() -> tuple[Loaded, DemoLogins | None]:
        async with Database(url, size=LANES + 2) as pool:
            database = pool.acting(Actor("command", "regulars demo"))
            with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
                missing = credentials.read(place.credentials) is None
                return await Loader(database, keyring, bar).whole(logins=missing)

    thresholds = gc.get_threshold()
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        loaded, logins = asyncio.run(run())
    except ImportError as error:
        raise Refused(
            "The demo needs the receipts of an extra: install it with `pip install 'regulars[demo]'`, "
            "or start with --no-demo."
        ) from error
    finally:
        gc.set_threshold(*thresholds)
    if logins is not None:
        credentials.write(place.credentials, logins)
    seconds = time.monotonic() - begun
    out.print(
        f"The demo is loaded: {loaded.recorded} receipts recorded, {loaded.repeated} were there, "
        f"{loaded.refused} refused ({seconds:.1f} s).",
        highlight=False,
    )
    return 1 if loaded.refused else 0


def _read(until: datetime) -> Demo:
    from regulars.cli.demo.receipts import read

    return read(until)
