"""`bin/bench casework`: what officers and students wait for when there are many cases.

The database is filled with made-up people, five cases each, one of them open; then pages are asked in this process, without a
network: the queue, a search by numbers of every kind, the admin's home, a decision page, and a student's pages. The 95th
percentile of each must stay under 300 ms, and no page may ask more of the database than its limit.
"""

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.servers import DATABASE, PARTS, environment, fresh_database

P95 = 0.3  # seconds
OFFICERS_QUERIES, STUDENTS_QUERIES = 15, 8
OF_ONE = 5  # cases of a person, of which one is open
BATCH = 2000
ROUNDS = 60
DUE = ("correction", "awaiting_payment")
PERMIT = {
    "issued_on": "2026-01-02",
    "valid_until": "2027-01-02",
    "stay_until": "2027-01-02",
    "entered_on": None,
    "permit_type": "single",
}


def fill(count: int) -> list[Any]:
    """So many cases; the open ones are given back."""
    from django.utils import timezone

    from portal.accounts.models import User
    from portal.cases.models import Case, CaseKey
    from portal.fields.search_keys import keys_of
    from tests import people

    draw, now = random.Random(20261123), timezone.now()  # noqa: S311  # the same each time
    kinds_of_one = ("multiple-entry", "extension", "data-change")
    opened = ["submitted"] * 6 + ["in_review"] * 2 + ["correction", "awaiting_payment"]
    for start in range(0, count // OF_ONE, BATCH):
        numbers = range(start, min(start + BATCH, count // OF_ONE))
        users = User.objects.bulk_create(
            User(
                username=f"many{number:07}",
                email=f"many{number:07}@example.test",
                category=people.CATEGORY,
                ui_no=f"B{number:09}",
                chinese_name=f"測試{number:07}",
                password="!",
                is_active=True,
            )
            for number in numbers
        )
        cases, keys = [], []
        for number, user in zip(numbers, users, strict=True):
            for nth in range(OF_ONE):
                serial = number * OF_ONE + nth
                status = draw.choice(opened) if nth == OF_ONE - 1 else draw.choice(["completed", "rejected", "withdrawn"])
                sent = now - dt.timedelta(
                    days=(OF_ONE - nth) * 90 + draw.random() * 80 if nth < OF_ONE - 1 else draw.random() * 9
                )
                cases.append(
                    Case(
                        case_no=f"9{serial:011}",
                        group_no=f"G{serial:011}",
                        category=people.CATEGORY,
                        kind_code=kinds_of_one[serial % 3],
                        owner=user,
                        status=status,
                        permit_no=f"8{serial:011}",
                        first_permit_no=f"8{serial:011}",
                        name=user.chinese_name,
                        school="國立臺灣大學",
                        draft_token=f"many-{serial}",
                        declaration_version="1",
                        permit={**PERMIT, "ui_no": user.ui_no, "permit_no": f"8{serial:011}"},
                        deadline=(now + dt.timedelta(days=draw.randrange(1, 60))).date() if status in DUE else None,
                        submitted_at=sent,
                        decided_at=None if nth == OF_ONE - 1 else sent + dt.timedelta(days=2),
                    )
                )
        Case.objects.bulk_create(cases)
        for case in cases:
            said = keys_of(
                [case.case_no, case.group_no, case.permit_no, case.permit["ui_no"]], [case.name], {"mobile": f"09{case.pk:08}"}
            )
            keys += [CaseKey(case=case, value=key) for key in said]
        CaseKey.objects.bulk_create(keys, batch_size=10_000)
    return list(Case.objects.filter(status="submitted").select_related("owner")[:ROUNDS])


def pages(opened: list[Any]) -> Iterator[tuple[str, int, Callable[[int], Any]]]:
    """What is asked: its name, how many queries it may take, and the request of one round."""
    from portal.review.groups import OFFICERS
    from tests.staff import logged_in, make_staff

    officer = logged_in(make_staff("bench-officer", OFFICERS))
    students = [logged_in(case.owner) for case in opened[:10]]
    queue, home = "/admin/cases/review/", "/china-student/individual"
    numbers = ("case_no", "group_no", "permit_no", "name")
    yield "queue, first page", OFFICERS_QUERIES, lambda n: officer.get(queue)
    yield "queue, all open cases", OFFICERS_QUERIES, lambda n: officer.get(f"{queue}?tab=open")
    yield "queue, by school", OFFICERS_QUERIES, lambda n: officer.get(f"{queue}?tab=open&school=臺灣")
    yield (
        "search by a number",
        OFFICERS_QUERIES,
        lambda n: officer.post(queue, {"q": getattr(opened[n % len(opened)], numbers[n % len(numbers)])}),
    )
    yield "search by a beginning", OFFICERS_QUERIES, lambda n: officer.post(queue, {"q": f"900000{n:02}"})
    yield "admin home", OFFICERS_QUERIES, lambda n: officer.get("/admin/")
    yield "todo of a student", STUDENTS_QUERIES, lambda n: students[n % 10].get(f"{home}/todo/")
    yield "query of a student", STUDENTS_QUERIES, lambda n: students[n % 10].get(f"{home}/progress/")


class Counted:
    """How many statements the database is given, savepoints left out."""

    count = 0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.count += "SAVEPOINT" not in sql
        return execute(sql, *rest)


def run(parts: str, count: int) -> int:
    from django.db import connection

    started = time.perf_counter()
    opened = fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\ncasework, {parts}: {PARTS[parts]}; {count} cases, filled in {time.perf_counter() - started:.0f} s\n")
    too_slow = 0
    for name, most, ask in pages(opened):
        for number in range(3):
            ask(number)  # warms it up
        queries = Counted()
        with connection.execute_wrapper(queries):
            ask(4)
        taken = []
        for number in range(ROUNDS):
            begun = time.perf_counter()
            assert ask(number).status_code in {200, 302}, name
            taken.append(time.perf_counter() - begun)
        p95 = sorted(taken)[int(ROUNDS * 0.95) - 1]
        fails = p95 > P95 or queries.count > most
        too_slow += fails
        print(f"{name:24} p95 {p95 * 1000:7.1f} ms   {queries.count:3} queries of {most}{'   FAILS' if fails else ''}")
    return too_slow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--cases", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch:
        if options.parts == "real":
            fresh_database(DATABASE)
        else:
            for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL"):
                os.environ.pop(name, None)
        os.environ.update({**environment(options.parts, Path(scratch), 0), "ALLOWED_HOSTS": "testserver", "QUERY_COUNT": "0"})
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_pages", verbosity=0)
        sys.exit(run(options.parts, options.cases or (100_000 if options.parts == "real" else 5_000)) > 0)


if __name__ == "__main__":
    main()
