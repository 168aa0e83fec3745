"""Who works at the till: a person who is told what to do, or a program that reads acts and writes replies."""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Callable
from typing import Protocol

import msgspec

from regulars.certify.model import Act, Good, Reply

PATIENCE_SECONDS = 120.0
"""How long a program may take for one act."""


class DriverFailed(Exception):
    """The program at the till gave no reply; the text says why."""


class Driver(Protocol):
    """Does an act at the till."""

    def do(self, act: Act) -> Reply:
        """The till's reply. Raises DriverFailed."""
        ...


class Command:
    """A program that reads one act a line as JSON, and writes one reply a line."""

    def __init__(self, command: str, patience_seconds: float = PATIENCE_SECONDS):
        self._command = shlex.split(command)
        self._patience = patience_seconds
        self._process: subprocess.Popen[str] | None = None

    def do(self, act: Act) -> Reply:
        """Write the act, read the reply. A program that ended is started again with the next situation."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(self._patience, process.kill)
        timer.start()
        try:
            process.stdin.write(msgspec.json.encode(act).decode() + "\n")
            process.stdin.flush()
            text = process.stdout.readline()
        except BrokenPipeError:
            text = ""
        finally:
            timer.cancel()
        if not text:
            self.close()
            raise DriverFailed(
                f"The driver ended, or gave no reply to {act.act} within {self._patience:.0f} s."
            )
        try:
            return msgspec.json.decode(text, type=Reply)
        except msgspec.DecodeError as error:
            raise DriverFailed(f"The driver's reply cannot be read: {error}") from error

    def close(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
        return self._process


class Asked:
    """A person at the till: reads a sentence, and says what happened."""

    def __init__(self, ask: Callable[[str], str], tell: Callable[[str], None]):
        self._ask, self._tell = ask, tell

    def do(self, act: Act) -> Reply:
        """Tell what to do and ask what the till said."""
        self._tell(act.say)
        if act.act == "begin":
            return Reply(done=True)
        done = self._ask("  Did the till say that it is done? [y/n] ").strip().lower().startswith("y")
        name = self._ask("  Whose name does it show? ").strip() if act.act == "find" and done else ""
        amount = self._amount() if done and act.act in ("price", "sell", "confirm", "return") else None
        return Reply(done=done, amount=amount, customer=name)

    def _amount(self) -> int | None:
        while True:
            text = self._ask("  Which sum does it show, as 7.65? (Enter: none) ").strip().replace(",", ".")
            if not text:
                return None
            whole, _, cents = text.partition(".")
            if whole.isdecimal() and len(cents) <= 2 and (cents.isdecimal() or not cents):
                return int(whole) * 100 + int(cents.ljust(2, "0"))


def sentence(act: Act) -> str:
    """What a person is told."""
    who = "".join(f" to the {kind} {value}" for kind, value in act.customer.items())
    goods = ", ".join(_good(good) for good in act.goods)
    lines = ", ".join(f"{quantity} of line {line}" for line, quantity in act.lines)
    points = f" {act.spend if act.spend != 'max' else 'As many as possible'} points pay." if act.spend else ""
    text = {
        "find": f"Find the customer: {who.removeprefix(' to the ')}.",
        "enrol": f"Enrol a new customer{who.replace(' to', ' with')}; her name is Anna.",
        "price": f"Enter {goods}{who.replace(' to', ' for')}, and only look at the price.",
        "sell": f"Sell {goods}{who}, and take the money.{points}",
        "hold": f"Put aside: {goods}{who}. It is not paid yet.",
        "confirm": f"Confirm what was put aside{f', but only {lines}' if lines else ''}.",
        "void": "Take the last receipt, or what was put aside, back whole.",
        "return": f"Take goods back from the last receipt: {lines}.",
        "send": "The line is back. Wait until the till has sent its receipts.",
    }[act.act]
    asked = {
        "agree": " If the price changed, the customer agrees.",
        "decline": " If the price changed, the customer does not want it any more.",
        "insist": " If there is no answer, try again until there is one.",
        "give_up": " If there is no answer, give the sale up: the customer leaves.",
        "": "",
    }
    code = (
        f" If the till asks for a code, the customer says {act.code}. Is it refused, she pays money."
        if act.code
        else ""
    )
    return text + asked[act.if_price_changed] + asked[act.if_no_answer] + code


def _good(good: Good) -> str:
    return f"{good.quantity} × {good.name} ({good.sku}, {good.barcode}) at {good.unit_price / 100:.2f}"
