"""A look writes nothing: no page of a student changes a row because somebody opened it."""

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .access_table import STUDENT
from .admin_world import build, client_of, undone
from .test_access import MONTH_LATER, rows

WRITES = ("INSERT", "UPDATE", "DELETE")
# What a look may write: when the log-in was used last, anywhere; and where the page is asked for it, what it is there for.
ANYWHERE = {"portal_sessions_accountsession", "cache_entries"}
MADE_BY_LOOKING = {
    "forms:start": {"portal_forms_draft"},  # the untouched draft that the link opens
    # The paper, drawn when it is asked for the first time.
    "payments:slip": {"portal_payments_payment"},
    "downloads:permit-pdf": {"portal_downloads_issueddocument"},
    "downloads:receipt-pdf": {"portal_downloads_issueddocument"},
}


def written(queries: CaptureQueriesContext) -> set[str]:
    """The tables that were written to."""
    statements = [query["sql"].replace(connection.ops.quote_name("x")[0], "").split() for query in queries.captured_queries]
    return {words[1 if words[0] == "UPDATE" else 2] for words in statements if words and words[0] in WRITES}


def test_a_look_of_a_student_writes_nothing(db: None) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        world, client = build(), client_of("student")
        found = {}
        for address in rows(STUDENT):
            with CaptureQueriesContext(connection) as queries:
                undone(client, client.get, world.fill(address.name, address.route))
            if more := written(queries) - ANYWHERE - MADE_BY_LOOKING.get(address.name, set()):
                found[address.name] = more
    assert found == {}
