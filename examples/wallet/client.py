"""A wallet of another maker: registers a member by her phone and the code she gets, keeps her card, shows her balance.

python examples/wallet/client.py http://127.0.0.1:8080 +37120000001

The key of the aggregator stands in WALLET_KEY; the code is typed. Nothing but the standard library is needed.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4


class Refused(Exception):
    """What the program answered instead; `code` is stable."""

    def __init__(self, status: int, code: str, detail: str, retry_after: str | None):
        super().__init__(f"{status} {code}: {detail}")
        self.code = code
        self.retry_after = retry_after


@dataclass
class StoredCard:
    """What a wallet keeps of a member: the number to draw, and the token to ask with. Keep both sealed."""

    member: str
    number: str
    token: str


class Wallet:
    """The calls of one aggregator."""

    def __init__(self, address: str, key: str):
        self._address = address.rstrip("/")
        self._key = key

    def register(self, phone: str, name: str | None = None) -> str:
        """Have a code sent to a phone; the registration that it answers."""
        body = {"phone": phone} if name is None else {"phone": phone, "name": name}
        return self._call("POST", "/v1/issuer/registrations", body)["id"]

    def confirm(self, registration: str, code: str) -> tuple[StoredCard, bool]:
        """The card, and whether she became a member with it. Raises Refused (`code_wrong`)."""
        answer = self._call("POST", f"/v1/issuer/registrations/{registration}/confirm", {"code": code})
        return StoredCard(answer["member"], answer["card"], answer["token"]), answer["new"]

    def duplicate(self, card: StoredCard) -> str:
        """The number of the card that she has now: another, if hers was replaced."""
        return self._call("POST", "/v1/issuer/cards", None, card.token)["card"]

    def balance(self, card: StoredCard) -> dict[str, int]:
        """Currency → what may be spent. Raises Refused (`grant_refused`) when she took it back."""
        answer = self._call("GET", "/v1/issuer/balance", None, card.token)
        return {one["currency"]: one["available"] for one in answer["balance"]["currencies"]}

    def _call(self, method: str, path: str, body: Any, token: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if method == "POST":
            # One name per wish: should the answer be lost, the same name gets the first answer again.
            headers["Idempotency-Key"] = f"wallet-{uuid4()}"
        if token is not None:
            headers["Regulars-Grant"] = token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            retry_after = error.headers.get("Retry-After")
            raise Refused(error.code, problem["code"], problem["detail"], retry_after) from None


def main(address: str, phone: str) -> None:
    """Ask, take the code, show the card."""
    wallet = Wallet(address, os.environ["WALLET_KEY"])
    registration = wallet.register(phone, "Anna")
    print("A code was sent.", flush=True)
    for said in sys.stdin:
        try:
            card, new = wallet.confirm(registration, said.strip())
            break
        except Refused as refused:
            print(f"Not this one: {refused.code}", flush=True)
    else:
        return
    print("A new member" if new else "A member who was there", flush=True)
    print(f"Her card begins with {card.number[:4]} and has {len(card.number)} digits")
    print("A duplicate is the same number:", wallet.duplicate(card) == card.number)
    print(
        "Her balance:", ", ".join(f"{amount} {currency}" for currency, amount in wallet.balance(card).items())
    )
    try:
        wallet.balance(StoredCard(card.member, card.number, card.token[:-1]))
    except Refused as refused:
        print("With another token:", refused.code)


if __name__ == "__main__":
    main(*sys.argv[1:])
