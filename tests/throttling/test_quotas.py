"""Quotas hold for all processes at once, and begin anew with their period."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from portal.throttling.models import QuotaUse
from portal.throttling.quotas import Quota
from portal.throttling.quotas import purge as forget_quotas

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
THREE = Quota("three", 3, HOUR)


@pytest.mark.django_db
def test_so_many_and_no_more_until_the_next_period() -> None:
    assert [THREE.take("a", now=NOON) for _ in range(4)] == [True, True, True, False]
    assert THREE.take("b", now=NOON)
    assert not THREE.take("a", now=NOON + HOUR - dt.timedelta(seconds=1))
    assert THREE.take("a", now=NOON + HOUR)


@pytest.mark.django_db
def test_amounts_count_and_what_is_refused_does_not() -> None:
    assert THREE.take("a", now=NOON, amount=2)
    assert not THREE.take("a", now=NOON, amount=2)
    assert THREE.take("a", now=NOON)
    assert not THREE.take("b", now=NOON, amount=4)
    assert QuotaUse.objects.count() == 1


@pytest.mark.django_db
def test_nobody_is_named_in_the_row() -> None:
    THREE.take("192.0.2.1", now=NOON)
    use = QuotaUse.objects.get()
    assert len(use.key) == 64
    assert "192.0.2.1" not in use.key


@pytest.mark.django_db
def test_a_period_is_forgotten_when_it_is_over() -> None:
    THREE.take("a", now=NOON)
    assert forget_quotas(now=NOON + HOUR - dt.timedelta(seconds=1)) == 0
    assert forget_quotas(now=NOON + HOUR) == 1
    assert forget_quotas(now=NOON + HOUR) == 0


def _at_once(take: Callable[[], bool]) -> int:
    barrier = Barrier(8)

    def one(_number: int) -> bool:
        try:
            barrier.wait(timeout=30)
            return take()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, range(8)))


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_three() -> None:
    assert _at_once(lambda: THREE.take("a", now=NOON)) == 3


@pytest.mark.django_db(transaction=True)
def test_control_counting_before_writing_lets_too_many_through() -> None:
    """The same without the condition in the UPDATE: all look before one writes."""
    looked = Barrier(8)

    def careless() -> bool:
        is_free = QuotaUse.objects.filter(key="k").count() < 3
        looked.wait(timeout=30)
        return is_free

    assert _at_once(careless) == 8
