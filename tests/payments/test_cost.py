"""What a notice costs."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.core.serials import next_serial
from portal.payments.models import Payment
from tests.factories import payments as make

AT_MOST = 20


@pytest.mark.django_db
def test_a_notice_of_a_bill_of_one_case_is_booked_in_twenty_queries(payment: Payment) -> None:
    with transaction.atomic():
        next_serial("receipt:115")  # not the first receipt of its year
    raw = make.raw(payment)
    headers = {name: value for name, value in raw.headers.items() if name != "Content-Type"}
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post("/payments/sandbank/notify/", raw.body, content_type="application/json", headers=headers)
    assert answer.content == b"OK"
    asked = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= AT_MOST, "\n".join(asked)
