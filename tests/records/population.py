"""A population of made-up people, drawn from a fixed seed: every fourth came lately, the others hold a multiple-entry permit."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from portal.china_student.identity import MULTIPLE
from portal.office_calendar.periods import months_before, period_end
from portal.records.protocol import ApplicantRecord, Match, PermitRecord

from .agency import Row, applicant_row, permit_row

# How many days ago who came lately entered, and in how many days the multiple-entry permits of the others end.
ENTERED = range(5, 75)
LEFT = (10, 45, 80, 100, 200, 400, 600, -5)
DEGREES = "BBBMMD"
MONTHS_OF_STUDY = range(12, 70)


def rows(count: int, *, today: dt.date, seed: int = 1) -> Iterator[tuple[Row, Row]]:
    """Each person and their permit, as lines of the agency's files."""
    draw = Random(seed)  # noqa: S311  # made-up people, the same ones every time
    for number in range(count):
        came_lately = number % 4 == 0
        permit = _single(number, draw, today) if came_lately else _multiple(number, draw, today)
        months = 2 if came_lately else draw.choice(MONTHS_OF_STUDY)
        yield (
            applicant_row(
                number,
                degree=draw.choice(DEGREES),
                enrolled_on=str(months_before(today, months).replace(day=1)),
                travel_document_expiry=str(months_before(today, -draw.randrange(1, 100))),
            ),
            permit,
        )


def _single(number: int, draw: Random, today: dt.date) -> Row:
    entered = today - dt.timedelta(days=draw.choice(ENTERED))
    issued = entered - dt.timedelta(days=14)
    return permit_row(
        number,
        issued_on=str(issued),
        valid_until=str(period_end(issued, 3)),
        entered_on=str(entered),
        stay_until=str(period_end(entered, 2)),
    )


def _multiple(number: int, draw: Random, today: dt.date) -> Row:
    until = today + dt.timedelta(days=draw.choice(LEFT))
    dates = {"issued_on": str(months_before(until, 24)), "valid_until": str(until), "stay_until": str(until)}
    return permit_row(number, permit_type=MULTIPLE, entered_on="", **dates)


def match_of(applicant: Row, permit: Row) -> Match:
    """What the records would answer about that person with that permit."""
    person = ApplicantRecord(
        category="china-student",
        **{name: applicant[name] for name in ("ui_no", "chinese_name", "english_name", "gender", "birth_place", "degree")},
        birth_date=dt.date.fromisoformat(applicant["birth_date"]),
        papers={name: applicant[name] for name in ("person_id", "travel_document_no", "travel_document_expiry")},
        school_code=applicant["school_code"],
        school_name="",
        department=applicant["department"],
        student_no=applicant["student_no"],
        enrolled_on=dt.date.fromisoformat(applicant["enrolled_on"]),
    )
    held = PermitRecord(
        permit_no=permit["permit_no"],
        ui_no=permit["ui_no"],
        permit_type=permit["permit_type"],
        issued_on=dt.date.fromisoformat(permit["issued_on"]),
        valid_until=dt.date.fromisoformat(permit["valid_until"]),
        entered_on=dt.date.fromisoformat(permit["entered_on"]) if permit["entered_on"] else None,
        stay_until=dt.date.fromisoformat(permit["stay_until"]),
    )
    return Match(person, held, (held,))
