"""A closed case with its photo, paid for."""

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from PIL import Image, ImageDraw

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.payments.models import Bill, BillLine, Payment, Receipt
from tests.conftest import logged_in
from tests.factories import cases

PAID_AT = cases.NOW + dt.timedelta(hours=2)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(PAID_AT, tick=False):
        yield


def photo() -> bytes:
    """A made-up face."""
    picture = Image.new("RGB", (413, 531), "#f4f4f4")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 110, 293, 330), fill="#d9a98a")
    draw.ellipse((60, 360, 353, 800), fill="#334455")
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def pay(case: Case, number: str = "R115-000001", *, at: dt.datetime = PAID_AT) -> Receipt:
    """A bill of one case, captured, with its receipt."""
    bill = Bill.objects.create(
        number=f"B{case.pk}", owner=case.owner, category=case.category, total=1000, state="settled", settled_at=at
    )
    BillLine.objects.create(bill=bill, case=case, item="多次證", amount=1000)
    payment = Payment.objects.create(
        bill=bill, reference=f"P{case.pk:019}", method="card", gateway="sandbank", amount=1000, state="captured", captured_at=at
    )
    return Receipt.objects.create(number=number, bill=bill, payment=payment, amount=1000, issued_at=at, available_on=at.date())


@pytest.fixture
def close(owner: User, officer: User) -> Callable[..., Case]:
    """Make closed cases of the owner: approved, with a photo."""

    def made(**changes: object) -> Case:
        changes.setdefault("documents", [cases.document(content=photo(), content_type="image/jpeg")])
        return cases.in_status(Status.COMPLETED, changes.pop("of", owner), officer, **changes)

    return made


def renamed(case: Case, name: str) -> Case:
    """The same case with another 中文姓名, past everything that tries it before."""
    Case.objects.filter(pk=case.pk).update(answers={**case.answers, "chinese_name": name})
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(close: Callable[..., Case]) -> Case:
    """王小明's closed case."""
    return close()


@pytest.fixture
def receipt(case: Case) -> Receipt:
    """Its receipt."""
    return pay(case)


@pytest.fixture
def client() -> Client:
    """Nobody is logged in."""
    return Client()


__all__ = ["logged_in"]
