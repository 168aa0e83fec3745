"""The stand-in between a till and the server: passes requests on, keeps what it saw, and does to them what it is told.

It is an HTTP server of the standard library, a thread for each connection, and speaks plain HTTP: for a maker's desk,
not for a shop. Every answer closes its connection, so that no browser sends a lost request again by itself.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from regulars.certify.model import Exchange, Fault

SLOW_SECONDS = 15.0
"""How late an answer is that is late: later than most tills wait."""
UPSTREAM_SECONDS_MAX = 60.0
BODY_BYTES_MAX = 8_000_000
KEPT = {"connection", "content-length", "transfer-encoding", "keep-alive", "accept-encoding", "expect"}
"""Headers that belong to one connection, or that would make an answer unreadable here."""

_CALLS = (
    ("find", "POST", r"/v1/members/find"),
    ("enrol", "POST", r"/v1/members"),
    ("challenge", "POST", r"/v1/members/[^/]+/challenges"),
    ("price", "POST", r"/v1/purchases/preview"),
    ("batch", "POST", r"/v1/purchases/batch"),
    ("void", "POST", r"/v1/purchases/void"),
    ("void", "POST", r"/v1/purchases/[^/]+/void"),
    ("confirm", "POST", r"/v1/purchases/[^/]+/confirm"),
    ("return price", "POST", r"/v1/purchases/[^/]+/returns/preview"),
    ("return", "POST", r"/v1/purchases/[^/]+/returns"),
    ("record", "POST", r"/v1/purchases"),
    ("read", "GET", r"/v1/.*"),
)


def call_of(method: str, path: str) -> str:
    """What a request is: find, enrol, challenge, price, record, batch, void, confirm, return, return_price, read."""
    for name, wanted, pattern in _CALLS:
        if method == wanted and re.fullmatch(pattern, path):
            return name.replace(" ", "_")
    return "other"


class Answer(NamedTuple):
    """What is answered."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


def problem(status: int, code: str, headers: dict[str, str], **more: Any) -> Answer:
    """An error as the server says it."""
    body = {"type": f"urn:regulars:{code}", "title": code, "status": status, "code": code,
            "detail": "Said by the stand-in of the certification.", **more}  # fmt: skip
    kind = ("Content-Type", "application/problem+json")
    return Answer(status, [kind, *headers.items()], json.dumps(body).encode())


class Line:
    """The line between one till and one server. What is done to it is told from another thread."""

    def __init__(
        self, upstream: str, *, host: str = "127.0.0.1", port: int = 0, slow_seconds: float = SLOW_SECONDS
    ):
        self.upstream = urlsplit(upstream)
        self.slow_seconds = slow_seconds
        self.events: dict[str, Any] = {}
        self.exchanges: list[Exchange] = []
        self.down = False
        self._faults: list[list[Any]] = []
        self._late: list[tuple[Exchange, bytes]] = []
        self._lock = threading.Lock()
        self._server = _Server((host, port), partial(_Handler, self))
        self.address = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Line:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def clear(self) -> None:
        """Forget what was seen and what was to happen; the line is up."""
        with self._lock:
            self.exchanges, self._faults, self._late, self.down = [], [], [], False

    def arrange(self, faults: tuple[Fault, ...], *, down: bool = False) -> None:
        """Let that happen from now on instead of what was arranged before."""
        with self._lock:
            self._faults = [[fault, fault.times] for fault in faults]
            self.down = down

    def deliver_late(self) -> None:
        """Let the requests arrive that were held back; nobody hears their answers."""
        with self._lock:
            late, self._late = self._late, []
        for exchange, content in late:
            self.forward(exchange, content)
            exchange.arrived = True

    def keep(self, exchange: Exchange) -> None:
        """Note a request."""
        with self._lock:
            exchange.number = len(self.exchanges) + 1
            self.exchanges.append(exchange)

    def fault_of(self, exchange: Exchange) -> Fault | None:
        """What is to happen to this request, used up by asking."""
        with self._lock:
            for waiting in self._faults:
                fault, left = waiting
                if left and exchange.call in fault.on.split():
                    waiting[1] = left - 1
                    return fault
        return None

    def hold_back(self, exchange: Exchange, content: bytes) -> None:
        """Keep a request until `deliver_late`."""
        with self._lock:
            self._late.append((exchange, content))

    def forward(self, exchange: Exchange, content: bytes) -> Answer:
        """Ask the server. Raises OSError when it is not there."""
        place = self.upstream
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=UPSTREAM_SECONDS_MAX)
        try:
            headers = {name: value for name, value in exchange.headers.items() if name not in KEPT}
            connection.request(exchange.method, exchange.path, content or None, headers)
            response = connection.getresponse()
            answered = [(n, v) for n, v in response.getheaders() if n.lower() not in KEPT]
            return Answer(response.status, answered, response.read())
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, line: Line, request: socket.socket, client_address: Any, server: _Server):
        self.line = line
        super().__init__(request, client_address, server)  # which deals with the connection until its end

    def handle_one(self) -> None:
        """One request, whatever its method."""
        line = self.line
        self.close_connection = True
        content = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES_MAX))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = call_of(self.command, self.path.partition("?")[0])
        exchange = Exchange(0, call, self.command, self.path, headers, _parsed(content), time.time())
        if self.path.startswith("/v1/"):
            line.keep(exchange)
        try:
            if line.down:
                self._hang_up()
            else:
                self._deal(exchange, content)
        except (ConnectionError, TimeoutError):
            pass  # the till hung up before its answer: what it did instead is seen in its next request
        except OSError as error:
            self._send(exchange, problem(502, "server_unreachable", {}, detail=str(error)))
        finally:
            exchange.until = time.time()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one  # noqa: N815 – the library's names

    def _deal(self, exchange: Exchange, content: bytes) -> None:
        line = self.line
        fault = line.fault_of(exchange)
        do = fault.do if fault else ""
        if fault is None or do in ("lose answer", "cut answer", "twice", "slow", "event", "add fields"):
            if fault and fault.event:
                line.events[fault.event]()
            answer = line.forward(exchange, content)
            exchange.arrived = True
            if do == "twice":
                answer = line.forward(exchange, content)
            if do == "slow":
                time.sleep(line.slow_seconds)
            if do == "lose answer":
                self._hang_up()
            else:
                answer = _with_more(answer) if do == "add fields" else answer
                self._send(exchange, answer, cut=do == "cut answer")
        elif do == "answer":
            self._send(exchange, problem(fault.status, fault.code, fault.headers))
        elif do == "ask for proof":
            self._prove(exchange, content, fault.code)
        else:
            if do == "deliver late":
                line.hold_back(exchange, content)
            self._hang_up()

    def _prove(self, exchange: Exchange, content: bytes, code: str) -> None:
        """Play the member's phone: the server of a desk sends no messages."""
        body = exchange.body if isinstance(exchange.body, dict) else {}
        proof = body.get("proof")
        if exchange.call == "challenge":
            sent = {"id": "chl_certification", "purpose": "spend", "channel": "sms", "to": "+371 … 01",
                    "expires_at": "2099-01-01T00:00:00Z"}  # fmt: skip
            self._send(
                exchange, Answer(201, [("Content-Type", "application/json")], json.dumps(sent).encode())
            )
        elif not body.get("spend"):
            self._pass(exchange, content)
        elif not proof:
            self._send(exchange, problem(403, "proof_required", {}, kinds=["otp"]))
        elif proof.get("value") != code:
            self._send(exchange, problem(403, "proof_wrong", {}, left=4))
        else:
            bare = {name: value for name, value in body.items() if name != "proof"}
            self._pass(exchange, json.dumps(bare).encode())

    def _pass(self, exchange: Exchange, content: bytes) -> None:
        answer = self.line.forward(exchange, content)
        exchange.arrived = True
        self._send(exchange, answer)

    def _send(self, exchange: Exchange, answer: Answer, *, cut: bool = False) -> None:
        body = answer.content[: len(answer.content) // 2] if cut else answer.content
        if not cut:
            exchange.status, exchange.answer = answer.status, _parsed(answer.content)
            if answer.status >= 400 and isinstance(exchange.answer, dict):
                exchange.code = str(exchange.answer.get("code", ""))
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
            if name.lower() == "retry-after" and value.isdecimal() and not cut:
                exchange.retry_after = float(value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – the library's name
        """Nothing: a request may hold a phone number."""


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def _with_more(answer: Answer) -> Answer:
    """The answer as a later version of the server might give it."""
    body = _parsed(answer.content)
    if not isinstance(body, dict):
        return answer
    body = {"new_in_a_later_version": {"list": [1, {"deep": None}]}, **body}
    body["lines"] = [{**line, "colour": "green"} for line in body.get("lines", [])]
    return Answer(answer.status, answer.headers, json.dumps(body).encode())
