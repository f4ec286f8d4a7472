"""Numbers: in order, gapless, and one each under load."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from portal.core.models import Serial
from portal.core.serials import next_serial
from portal.fields.identifiers import case_no

WORKERS = 16


@pytest.mark.django_db
def test_a_series_begins_at_its_start_and_counts_on() -> None:
    assert [next_serial("case:115", start=5_000_001) for _ in range(3)] == [5_000_001, 5_000_002, 5_000_003]
    assert next_serial("receipt:115") == 1


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back() -> None:
    with transaction.atomic():
        next_serial("receipt:115")
        transaction.set_rollback(True)
    assert next_serial("receipt:115") == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="next_serial needs a transaction"):
        next_serial("receipt:115")
    assert not Serial.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers() -> None:
    given: list[int] = []

    def take() -> None:
        with transaction.atomic():
            given.append(next_serial("case:115"))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 21))


def numbers(take: Callable[[], int], count: int) -> list[str]:
    """So many 收件號, made by all workers at the same time."""
    barrier = threading.Barrier(WORKERS)

    def work(_worker: int) -> list[str]:
        barrier.wait(timeout=30)
        try:
            return [case_no(roc_year=115, digit="1", serial=take()) for _ in range(count // WORKERS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [number for found in pool.map(work, range(WORKERS)) for number in found]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_case_number_is_given_twice() -> None:
    count = 20_000 if connection.vendor == "postgresql" else 3_200  # SQLite has one writer

    @transaction.atomic
    def take() -> int:
        return next_serial("case:115", start=5_000_001)

    found = numbers(take, count)
    assert (len(found), len(set(found))) == (count, count)
    assert Serial.objects.get(name="case:115").last == 5_000_000 + count


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_reads_before_writing_gives_the_same_number_twice() -> None:
    """The control: without a transaction and the UPDATE that locks the row."""
    Serial.objects.create(name="case:115", last=5_000_000)
    together = threading.Barrier(WORKERS)

    def take() -> int:
        last = Serial.objects.get(name="case:115").last
        together.wait(timeout=30)
        Serial.objects.filter(name="case:115").update(last=last + 1)
        return last + 1

    assert len(set(numbers(take, WORKERS))) == 1
