"""Numbers: in order, gapless, and one each under load."""

import threading

import pytest
from django.db import connection, transaction

from portal.core.models import Serial
from portal.core.serials import next_serial


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
