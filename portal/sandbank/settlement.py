"""對帳檔: once a day, or whenever somebody asks, the bank writes down what it has settled with a merchant."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from . import collection, operations
from .dispatcher import taipei
from .models import Order

COLUMNS: Final = ("merchant", "reference", "gateway_reference", "amount", "currency", "paid_at")
TOTAL: Final = "TOTAL"
GOES_BACK: Final = timedelta(days=31)


def written(now: datetime) -> str:
    """Every payment of the last month that stands, and their sum. What went back is none, and what is not reported yet waits."""
    orders = list(_settled(now))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for order in orders:
        paid_at = taipei(order.ended_at or now)
        writer.writerow([order.merchant, order.trade_no, order.bank_trade_no, order.amount, order.currency, paid_at])
    writer.writerow([TOTAL, len(orders), sum(order.amount for order in orders)])
    return file.getvalue()


def _settled(now: datetime) -> Iterator[Order]:
    paid = Order.objects.filter(merchant=collection.MERCHANT, state=Order.State.PAID, ended_at__gt=now - GOES_BACK)
    for order in paid.prefetch_related("deliveries").order_by("ended_at", "pk"):
        if operations.status(order, now)["status"] == "paid":
            yield order
