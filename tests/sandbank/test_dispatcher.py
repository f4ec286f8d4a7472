"""Notices to merchants: signed, sent again until the answer is exactly `OK`."""

import datetime as dt
import threading
from io import StringIO

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client

from portal.sandbank import dispatcher, operations, signature
from portal.sandbank.models import Delivery, Order
from portal.sandbank.tasks import dispatch_due
from tests.sandbank.conftest import GOOD, NOW, Merchant, terms


@pytest.fixture
def delivery(order: Order) -> Delivery:
    """The notice of a paid order, due now."""
    operations.challenge(order, pace="together", now=NOW)
    operations.pay(order, now=NOW)
    return order.deliveries.get()


@pytest.mark.django_db
def test_a_notice_is_signed_and_delivered_once(delivery: Delivery, merchant: Merchant) -> None:
    assert dispatcher.deliver(delivery.pk, now=NOW) is None
    assert dispatcher.deliver(delivery.pk, now=NOW) is None
    [(headers, body)] = merchant.heard
    assert (body, headers["Content-Type"]) == (delivery.body.encode(), "application/json")
    assert signature.is_valid(django_settings.SANDBANK_KEYS, body, headers[signature.HEADER], NOW)
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.tries, delivery.last_answer) == (NOW, 1, "OK")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "noted"),
    [
        ((200, b"OK\n"), "OK\n"),
        ((200, b"1|OK"), "1|OK"),
        ((200, b"ok"), "ok"),
        ((202, b"OK"), ""),
        ((500, b"OK"), "500"),
        ((302, b"OK"), "302"),
    ],
)
def test_anything_but_the_exact_answer_is_sent_again(
    delivery: Delivery, merchant: Merchant, answer: tuple[int, bytes], noted: str
) -> None:
    merchant.answers = [answer]
    assert dispatcher.deliver(delivery.pk, now=NOW) == dt.timedelta(seconds=1)
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.tries, delivery.last_answer) == (None, 1, noted)
    assert dispatcher.deliver(delivery.pk, now=NOW) is None  # not due yet
    later = NOW + dt.timedelta(seconds=1)
    assert dispatcher.deliver(delivery.pk, now=later) is None
    first, second = merchant.heard
    assert first[1] == second[1]  # the same event
    assert first[0][signature.HEADER] != second[0][signature.HEADER]  # signed anew
    delivery.refresh_from_db()
    assert delivery.delivered_at == later


@pytest.mark.django_db
def test_a_merchant_who_is_away_is_tried_less_and_less_and_then_given_up(order: Order) -> None:
    Order.objects.update(notify_url="http://127.0.0.1:9/notify/")
    order.refresh_from_db()
    operations.cancel(order, now=NOW)
    pk, now, pauses = order.deliveries.get().pk, NOW, []
    while pause := dispatcher.deliver(pk, now=now):
        pauses.append(pause)
        now += pause
    assert pauses == dispatcher.PAUSES
    assert Delivery.objects.get().tries == len(dispatcher.PAUSES)


@pytest.mark.django_db
def test_what_is_due_is_sent_by_task_and_command(delivery: Delivery, merchant: Merchant) -> None:
    out = StringIO()
    call_command("sandbank_dispatch", stdout=out)
    assert (out.getvalue(), len(merchant.heard)) == ("1 notices tried\n", 1)
    assert dispatch_due() == 0


@pytest.mark.django_db
def test_a_late_notice_is_not_sent_early(order: Order, merchant: Merchant) -> None:
    operations.challenge(order, pace="return_first", now=NOW)
    operations.pay(order, now=NOW)
    assert dispatch_due() == 0
    with time_machine.travel(NOW + operations.LATE, tick=False):
        assert dispatch_due() == 1
    assert len(merchant.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_the_notice_leaves_after_commit_in_a_thread_of_its_own(client: Client, merchant: Merchant) -> None:
    order = operations.open_order(terms(notify_url=merchant.url), now=NOW)
    client.post(f"/sandbank/orders/{order.uid}/", GOOD)
    client.post(f"/sandbank/orders/{order.uid}/3ds/", {"code": "1234"})
    for thread in threading.enumerate():
        if thread.name == dispatcher.THREAD:
            thread.join(timeout=20)
    assert len(merchant.heard) == 1
    assert Delivery.objects.get().last_answer == "OK"
