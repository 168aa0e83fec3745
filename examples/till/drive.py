"""Lets `regulars certify --driver "python examples/till/drive.py"` work the till in 30 lines of Python.

A driver reads one act a line as JSON, does it with the till, and writes one reply a line. Yours drives your own till.
"""

import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "client" / "src"), str(ROOT / "client" / "examples")]

from regulars_client import ApiError, NoAnswer, Regulars, models  # noqa: E402
from till_in_30_lines import sell  # noqa: E402


def lines_of(act):
    """The goods of an act as a purchase names them."""
    return [
        models.PurchaseLine(
            line=number,
            sku=good["sku"],
            name=good["name"],
            quantity=good.get("quantity", "1"),
            unit_price=good["unit_price"],
            categories=(good["category"],),
            tax_rate=good["tax_rate"],
        )
        for number, good in enumerate(act.get("goods", ()), 1)
    ]


def do(till, store, sold, act):
    """What the till says of an act."""
    who, sale = act.get("customer", {}), {"lines": lines_of(act), "purchased_at": datetime.now(UTC)}
    if act["act"] == "sell":
        try:
            answer = sell(till, store, **sale, **who)
        except ApiError as refusal:
            if refusal.code == "price_changed" and act.get("if_price_changed") == "agree":
                answer = sell(till, store, **sale, **who)
            elif refusal.code in ("card_blocked", "card_unassigned", "invalid_card_number", "not_found"):
                answer = sell(till, store, **sale)
            else:
                raise
        sold[act["sale"]] = answer.id
        return answer.payable
    if act["act"] == "price":
        receipt = models.PurchaseRequest(id="price", store=store, currency="EUR", **sale, **who)
        return till.purchases.preview(receipt).payable
    purchase = sold[act["sale"]]
    if act["act"] == "void":
        till.purchases.void(purchase, models.VoidPurchaseVoiding(reason="the customer changed her mind"))
        return None
    assert act["act"] == "return", "this till claims nothing else"
    lines = [models.ReturnLine(line=line, quantity=quantity) for line, quantity in act["lines"]]
    body = models.ReturnRequest(id=f"{store}-{uuid.uuid4()}", lines=lines, returned_at=datetime.now(UTC))
    return till.purchases.return_lines(purchase, body).money_back


def main():
    """Acts from the input, replies to the output, until the input ends."""
    till, store, sold = None, "", {}
    for line in sys.stdin:
        act = json.loads(line)
        reply = {"done": True}
        if act["act"] == "begin":
            settings = act["settings"]
            till, store, sold = Regulars(settings["url"], settings["key"]), settings["store"], {}
        else:
            try:
                reply["amount"] = do(till, store, sold, act)
            except (ApiError, NoAnswer) as why:
                reply = {"done": False, "said": str(why)}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
