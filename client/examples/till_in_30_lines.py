"""A till: REGULARS_KEY=test_… python till_in_30_lines.py ADDRESS STORE card=…|phone=… NAME=CENTS…"""

import os
import sys
from datetime import UTC, datetime

from regulars_client import ApiError, NoAnswer, Regulars, models


def sell(till, store, **sale):  # raises ApiError or NoAnswer: then it is not sold
    receipt = {"id": f"{store}-{os.urandom(8).hex()}", "store": store, "till": "1", "currency": "EUR", **sale}
    shown = till.purchases.preview(models.PurchaseRequest(**receipt))
    receipt["expect"] = models.Expect(payable=shown.payable)  # if the price changed, nothing is recorded
    try:
        return till.purchases.record(models.PurchaseRequest(**receipt))  # sent again, it is recorded once
    except NoAnswer:
        till.purchases.void_by_request(models.VoidingByRequest(request=receipt["id"]))
        raise


if __name__ == "__main__":
    till = Regulars(sys.argv[1], os.environ["REGULARS_KEY"], language="en")
    (_, who), *goods = enumerate(word.split("=") for word in sys.argv[3:])
    lines = [models.PurchaseLine(line=n, sku=s, quantity="1", unit_price=int(c)) for n, (s, c) in goods]
    try:
        sold = sell(till, sys.argv[2], lines=lines, purchased_at=datetime.now(UTC), **dict([who]))
        print(f"To pay: {sold.payable / 100:.2f}", *sold.messages.receipt, sep="\n")
        print(f"Points: {sum(one.amount for one in sold.earned)} earned, {sold.member.available} available")
    except ApiError as refusal:
        print(f"Not sold: {refusal.detail}")
