"""`bin/bench payments`: notices booked a second, with 8 senders at once, and what one costs in queries.

So many bills of one case each wait for their money, each with an attempt on its way. The bank's signed notices are sent over
HTTP to the running portal: every one once, and then a part of them again, as a bank does whose answer was lost. A notice may
take 20 queries. In the end every bill is settled with one receipt, once, and the ledger is whole.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from tests.bench.casework import Counted
from tests.bench.journey import percentile
from tests.bench.servers import PARTS, Portal, wait_for

SENDERS = 8
QUERIES = 20
AGAIN = 10  # one of so many is sent twice
BATCH = 1000
PERMIT = {"issued_on": "2026-01-02", "valid_until": "2027-01-02", "stay_until": "2027-01-02", "permit_type": "single"}


def fill(count: int) -> list[Any]:
    """So many attempts, each for a bill of a case and a student of its own."""
    made: list[Any] = []
    for start in range(0, count, BATCH):
        made += _fill(range(start, min(start + BATCH, count)))
    return made


def _fill(numbers: Sequence[int]) -> list[Any]:
    from django.utils import timezone

    from portal.accounts.models import User
    from portal.cases.models import Case
    from portal.cases.states import Status
    from portal.payments.models import Bill, BillLine, Payment
    from tests import people

    now = timezone.now()
    users = User.objects.bulk_create(
        User(
            username=f"payer{number:07}",
            email=f"payer{number:07}@example.test",
            category=people.CATEGORY,
            ui_no=f"B{number:09}",
            chinese_name="王小明",
            password="!",
        )
        for number in numbers
    )
    cases = Case.objects.bulk_create(
        Case(
            case_no=f"9{number:011}",
            group_no=f"G{number:011}",
            category=people.CATEGORY,
            kind_code="multiple-entry",
            owner=user,
            status=Status.AWAITING_PAYMENT,
            permit_no=f"8{number:011}",
            first_permit_no=f"8{number:011}",
            name=user.chinese_name,
            draft_token=f"bench-{number}",
            declaration_version="1",
            fee=1000,
            answers={"chinese_name": user.chinese_name},
            permit={**PERMIT, "ui_no": user.ui_no, "permit_no": f"8{number:011}"},
            submitted_at=now,
            decided_at=now,
        )
        for number, user in zip(numbers, users, strict=True)
    )
    bills = Bill.objects.bulk_create(
        Bill(number=f"B9-{number:07}", owner=user, category=user.category, total=1000)
        for number, user in zip(numbers, users, strict=True)
    )
    BillLine.objects.bulk_create(
        BillLine(bill=bill, case=case, item="證照費", amount=1000) for bill, case in zip(bills, cases, strict=True)
    )
    return Payment.objects.bulk_create(
        Payment(
            bill=bill,
            reference=f"P9{number:07}A01",
            method="card",
            gateway="sandbank",
            amount=1000,
            state=Payment.State.STARTED,
        )
        for number, bill in zip(numbers, bills, strict=True)
    )


def notice(payment: Any) -> tuple[bytes, dict[str, str]]:
    """The bank's words of a success, signed just now."""
    from django.conf import settings
    from django.utils import timezone

    from portal.sandbank import operations, signature

    now = timezone.now()
    body = operations.dump(
        {
            "type": "payment.succeeded",
            "event_id": f"evt_{payment.reference}",
            "merchant": "student-permits",
            "merchant_trade_no": payment.reference,
            "bank_trade_no": f"SB{payment.reference}",
            "amount": payment.amount,
            "currency": "TWD",
            "method": payment.method,
            "occurred_at": timezone.localtime(now).isoformat(timespec="seconds"),
            "message": "",
        }
    )
    signed = signature.sign(settings.SANDBANK_KEYS, body, now)
    return body, {"Content-Type": "application/json", signature.HEADER: signed}


class Booking(Portal):
    """The portal without its worker: what booking causes waits in the broker, and what is measured is the booking."""

    def _start_all(self) -> None:
        self.serve(self.port)
        wait_for(f"{self.base_url}/readyz/")


class Senders:
    """Several at once, each on a connection of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken: list[float] = []
        self.failures: list[str] = []

    def send(self, payments: Sequence[Any]) -> float:
        """Seconds until all of them were answered."""
        began = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(self._send_all, [payments[start::SENDERS] for start in range(SENDERS)]))
        return time.perf_counter() - began

    def _send_all(self, payments: Sequence[Any]) -> None:
        with requests.Session() as session:
            for payment in payments:
                body, headers = notice(payment)
                began = time.perf_counter()
                answer = session.post(self.address, body, headers=headers, timeout=60, allow_redirects=False)
                self.taken.append(time.perf_counter() - began)
                if (answer.status_code, answer.content) != (200, b"OK"):
                    self.failures.append(f"{payment.reference}: {answer.status_code} {answer.content[:80]!r}")


def cost(payment: Any) -> int:
    """How many statements one notice takes, savepoints left out; asked in this process, on the same database."""
    from django.db import connection
    from django.test import Client

    body, headers = notice(payment)
    kind, counted = headers.pop("Content-Type"), Counted()
    client = Client(headers={"host": "127.0.0.1", **headers})
    with connection.execute_wrapper(counted):
        answer = client.post("/payments/sandbank/notify/", body, content_type=kind)
    if answer.content != b"OK":
        raise RuntimeError(f"answered {answer.status_code} {answer.content[:80]!r}")
    return counted.count


def wrong_in_the_end(count: int) -> list[str]:
    """What is not as it should be once everything was sent."""
    from portal.cases.models import Case
    from portal.cases.states import Status
    from portal.payments.cashier import books
    from portal.payments.models import Bill, LedgerEvent, Receipt
    from portal.payments.states import BillState

    found = {
        "settled bills": Bill.objects.filter(state=BillState.SETTLED).count(),
        "receipts": Receipt.objects.filter(voided_at=None).count(),
        "lines of the ledger": LedgerEvent.objects.count(),
        "completed cases": Case.objects.filter(status=Status.COMPLETED).count(),
    }
    return [f"{number} {name} instead of {count}" for name, number in found.items() if number != count] + list(books.problems())


def run(parts: str, count: int) -> int:
    """One portal; 0 when every notice was booked once and in so few queries."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Booking(parts, Path(scratch)) as portal:
        payments = fill(count)
        senders = Senders(f"{portal.base_url}/payments/sandbank/notify/")
        senders.send(payments[:1])  # warms it up, and is the first receipt of its year
        senders.taken.clear()
        queries = cost(payments[1])
        seconds = senders.send(payments[2:])
        booked, taken = len(senders.taken), list(senders.taken)
        again = senders.send(payments[::AGAIN])
        senders.failures += wrong_in_the_end(count)
    print(f"\npayments, {parts}: {PARTS[parts]}; {count} bills of one case, {SENDERS} senders at once\n")
    print(f"booked            {booked / seconds:7.1f} a second, 95th percentile {percentile(taken, 0.95) * 1000:.0f} ms")
    print(f"sent again        {len(payments[::AGAIN]) / again:7.1f} a second")
    print(f"queries           {queries:5}   of {QUERIES}{'   FAILS' if queries > QUERIES else ''}")
    print(f"errors            {len(senders.failures):5}")
    print(*senders.failures[:20], sep="\n")
    return int(bool(senders.failures) or queries > QUERIES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--bills", type=int, default=1000)
    options = parser.parse_args()
    sys.exit(run(options.parts, max(options.bills, 20)))


if __name__ == "__main__":
    main()
