"""Bills and attempts of the owner, at a standing moment."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import time_machine
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.accounts.models import User
from portal.cases.kinds import Fee
from portal.cases.models import Case
from portal.payments.models import Bill, Payment
from tests.factories import payments as make
from tests.factories.cases import NOW, approved, match, multiple_entry
from tests.kinds import like, registered

from .paying_back.sandbank import PayingBack
from .paying_back.sandbank import gateway as paying_back


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """The morning of 2026-11-23 in Taipei; the clock goes on from there."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def bank(settings: Settings) -> PayingBack:
    """The sandbank, which pays back by itself."""
    settings.PAYMENT_METHODS = {"card": "tests.payments.paying_back.sandbank"}
    paying_back.begin()
    return paying_back


@pytest.fixture
def three_cases(owner: User, officer: User) -> Iterator[list[Case]]:
    """Three approved cases of one student: there is one open case of a kind and a permit, so two kinds are made up."""
    found = [approved(owner, officer)]
    with ExitStack() as made_up:
        for number, fee in ((1, 300), (2, 700)):
            other = like(multiple_entry(), code=f"other-{number}", fees=(Fee(fee, f"項目{number}"),), name=f"申請{number}")
            held = match(owner, permit_no=f"1150000001{number}0")
            found.append(approved(owner, officer, kind=made_up.enter_context(registered(other)), match=held))
        yield found


@pytest.fixture
def case(owner: User, officer: User) -> Case:
    """核准待繳費."""
    return approved(owner, officer)


@pytest.fixture
def bill(owner: User, case: Case) -> Bill:
    """An open bill over that case."""
    return make.open_bill(owner, case)


@pytest.fixture
def payment(bill: Bill) -> Payment:
    """A started attempt on that bill."""
    return make.started(bill)


@pytest.fixture
def sandbank(live_server: LiveServer, settings: Settings) -> Iterator[str]:
    """The bank on a live server of its own; its last notices are out when the test ends."""
    settings.BASE_URL = live_server.url
    settings.SANDBANK_URL = f"{live_server.url}/sandbank"
    yield settings.SANDBANK_URL
    make.notices_are_out()
