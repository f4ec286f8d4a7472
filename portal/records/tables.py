"""What the agency's files hold: their columns, and what each value must be."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from portal.fields.identifiers import clean_code, is_permit_no, is_person_id, is_travel_document_no, is_ui_no

from .csv_files import Column, Table
from .protocol import PermitType

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
# 學制: 博士, 碩士, 學士, 二年制學士, 副學士, 進修碩士
DEGREES = ("D", "M", "B", "C", "2", "N")


def text(length: int) -> Callable[[str], str]:
    """Some text of at most `length` characters."""

    def read(value: str) -> str:
        if not value:
            raise ValueError("is empty")
        if len(value) > length:
            raise ValueError(f"is longer than {length} characters")
        if _CONTROL.search(value):
            raise ValueError("holds a control character")
        return value

    return read


def code(is_right: Callable[[str], bool], wrong: str) -> Callable[[str], str]:
    """A number that passes `is_right`; full-width digits, blanks, hyphens and lower case are forgiven."""

    def read(value: str) -> str:
        cleaned = clean_code(value)
        if not cleaned:
            raise ValueError("is empty")
        if not is_right(cleaned):
            raise ValueError(wrong)
        return cleaned

    return read


def one_of(choices: Collection[str], wrong: str = "") -> Callable[[str], str]:
    """One of the given values, exactly."""
    explained = wrong or f"is none of {', '.join(choices)}"

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(explained)
        return value

    return read


def day(value: str) -> date:
    """A date written YYYY-MM-DD."""
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("is not a date of the form YYYY-MM-DD")


def optional_day(value: str) -> date | None:
    """A date, or nothing."""
    return day(value) if value else None


def yes(value: str) -> bool:
    """1 for yes, 0 for no."""
    return one_of(("0", "1"))(value) == "1"


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def _applicant_dates(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    born, enrolled = row.get("birth_date"), row.get("enrolled_on")
    if born and enrolled and enrolled <= born:
        yield "enrolled_on", "is not after birth_date"


def _permit_dates(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    issued, until, entered, stay = map(row.get, ("issued_on", "valid_until", "entered_on", "stay_until"))
    if issued and until and until < issued:
        yield "valid_until", "is before issued_on"
    if entered and issued and entered < issued:
        yield "entered_on", "is before issued_on"
    if entered and until and entered > until:
        yield "entered_on", "is after valid_until"
    if stay and stay < (entered or issued or stay):
        yield "stay_until", f"is before {'entered_on' if entered else 'issued_on'}"


ui_no = code(is_ui_no, "is not a 統一證號: wrong form or check digit")
permit_no = code(is_permit_no, "is not a permit number of twelve digits")


def applicants(school_codes: Collection[str]) -> Table:
    """The columns of applicants.csv; schools are those that the portal knows."""
    return Table(
        columns=(
            Column("ui_no", "ui_no", ui_no),
            Column("chinese_name", "chinese_name", text(60)),
            Column("english_name", "english_name", text(80)),
            Column("gender", "gender", one_of(("0", "1"))),
            Column("birth_date", "birth_date", day),
            Column("birth_place", "birth_place", code(_matching("[0-9]{2}"), "is not a province code of two digits")),
            Column("person_id", "person_id", code(is_person_id, "is not a 身分證號: wrong form, date or check character")),
            Column("travel_document_no", "travel_document_no", code(is_travel_document_no, "is not L or T and eight digits")),
            Column("travel_document_expiry", "travel_document_expiry", day),
            Column("school_code", "school_id", one_of(school_codes, "is not the code of a known school (see import_schools)")),
            Column("department", "department", text(60)),
            Column("degree", "degree", one_of(DEGREES)),
            Column("student_no", "student_no", text(20)),
            Column("enrolled_on", "enrolled_on", day),
        ),
        check=_applicant_dates,
    )


PERMITS = Table(
    columns=(
        Column("permit_no", "permit_no", permit_no),
        Column("ui_no", "applicant_id", ui_no),
        Column("permit_type", "permit_type", one_of([str(kind) for kind in PermitType])),
        Column("issued_on", "issued_on", day),
        Column("valid_until", "valid_until", day),
        Column("entered_on", "entered_on", optional_day),
        Column("stay_until", "stay_until", day),
        Column("revoked", "revoked", yes, is_optional=True),  # 已廢止
    ),
    check=_permit_dates,
)

SCHOOLS = Table(
    columns=(
        Column("code", "code", code(_matching("[0-9A-Z]{4}"), "is not a school code of four characters")),
        Column("name", "name", text(60)),
        Column("city", "city", text(10)),
    )
)
