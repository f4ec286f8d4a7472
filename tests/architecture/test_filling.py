"""What an address writes down for who is nobody, and for a student who sends rubbish. A new page that writes needs a row here,
and what it writes a limit and a purge (docs/security.md)."""

import secrets

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from .access_table import ACCESS, STUDENT
from .test_access import Address, addresses, by_name

pytestmark = pytest.mark.django_db
CAPTCHA = {"captcha.CaptchaStore"}
# Whoever opens it or posts rubbish to it makes these rows.
VISITOR_WRITES = {
    "accounts:login": CAPTCHA,
    "accounts:register": CAPTCHA,
    "accounts:activate": CAPTCHA,
    "accounts:resend-activation": CAPTCHA,
    "accounts:forgot-password": CAPTCHA,
    "captcha-refresh": CAPTCHA,
    "verification:verify": {
        "portal_throttling.LimitHit"
    },  # a code that there is not; after so many of them more proof is asked for
    "demo:components": CAPTCHA,  # every form, in a demonstration
    # The one row of the demonstration's bank.
    "sandbank:clock": {"portal_sandbank.Desk"},
    "sandbank:faults": {"portal_sandbank.Desk"},
    "gateways:notify": {"portal_payments.Notice"},
    "gateways:": {"portal_payments.Notice"},  # the same without its last slash
}
STUDENT_WRITES = {"forms:start": {"portal_forms.Draft"}}
RUBBISH = {"username": "x" * 300, "number": "1" * 300, "cases": ["x"] * 50, "next": "/", "code": "x"}


def counts() -> dict[str, int]:
    """Rows of every table, in one question."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    asked = [f"SELECT '{m._meta.label}', count(*) FROM {connection.ops.quote_name(m._meta.db_table)}" for m in models]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return dict(cursor.fetchall())


def grown(client: Client, address: Address) -> set[str]:
    """The tables with more rows after the address was opened and posted to."""
    before = counts()
    client.get(address.sample)
    client.post(address.sample, RUBBISH)
    client.post(address.sample, b"{}", content_type="application/json")
    after = counts()
    return {label for label in after if after[label] > before[label]}


@pytest.mark.parametrize("address", addresses(), ids=by_name)
def test_a_visitor_makes_no_other_rows(address: Address, client: Client) -> None:
    assert grown(client, address) <= VISITOR_WRITES.get(address.name, set())


@pytest.mark.parametrize("address", [a for a in addresses() if ACCESS.get(a.name) == STUDENT], ids=by_name)
def test_who_brings_a_dead_key_makes_no_other_rows(address: Address) -> None:
    client = Client()
    client.cookies["sessionid"] = secrets.token_hex(16)
    assert grown(client, address) == set()


@pytest.mark.parametrize("address", [a for a in addresses() if ACCESS.get(a.name) == STUDENT], ids=by_name)
def test_a_student_makes_no_other_rows_with_rubbish(address: Address, owner_client: Client) -> None:
    assert grown(owner_client, address) <= STUDENT_WRITES.get(address.name, set())


def test_the_rows_of_this_table_are_addresses() -> None:
    names = {address.name for address in addresses()}
    assert {*VISITOR_WRITES, *STUDENT_WRITES} <= names
