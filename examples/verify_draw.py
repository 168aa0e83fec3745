"""Computes a draw again, with Python alone: python verify_draw.py proof.json (GET /v1/draws/{code}/proof)."""

import hashlib
import hmac
import json
import sys
from pathlib import Path


def below(seed: bytes, message: str, bound: int) -> int:
    attempt = 0
    while True:  # what lies beyond the largest multiple of the bound is thrown away: so each number is alike
        found = int.from_bytes(hmac.digest(seed, f"{message}/{attempt}".encode(), "sha256"), "big")
        if found < 2**256 - 2**256 % bound:
            return found % bound
        attempt += 1


path = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("proof.json")
proof = json.loads(path.read_text(encoding="utf-8"))
seed, order, winners = bytes.fromhex(proof["seed"]), proof["tickets"][:], proof["winners"]
digest = hashlib.sha256("".join(f"{number}\n" for number in order).encode()).hexdigest()
assert order == sorted(set(order)), "the list is not in order, or names a ticket twice"
assert hashlib.sha256(seed).hexdigest() == proof["commitment"], "the seed is not the published one"
assert digest == proof["digest"], "the list of tickets is not the one that was drawn from"
for n in range(len(winners)):
    other = n + below(seed, f"draw/{digest}/{proof['beacon']}/{n}", len(order) - n)
    order[n], order[other] = order[other], order[n]
assert order[: len(winners)] == [winner["ticket"] for winner in winners], "other tickets would have won"
print(f"{proof['draw']}: {len(order)} tickets, {len(winners)} winners, all as published.")
