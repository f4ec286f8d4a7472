"""What the agency's files hold: their columns, and what each value must be."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from portal.core.categories import PERMIT_NO, UI_NO, Identity, Number
from portal.fields import typed
from portal.fields.identifiers import clean_code

from .csv_files import Column, Table
from .protocol import DEGREES

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_CITY_CODE = re.compile(r"^\[[0-9]+\]")
# What a conversion leaves in place of a character that it does not know.
LOST = frozenset("?？■□▢\ufffd")


def text(length: int) -> Callable[[str], str]:
    """Some text of at most `length` characters."""

    def read(value: str) -> str:
        if _CONTROL.search(value):
            raise ValueError("含有控制字元")
        kept = typed.line(value[: length * 4])
        if not kept:
            raise ValueError("沒有填")
        if len(value) > length * 4 or len(kept) > length:
            raise ValueError(f"超過 {length} 個字")
        return kept

    return read


def name(length: int) -> Callable[[str], str]:
    """The same, of a person: no character that an older character set lost or left to each machine."""
    read_text = text(length)

    def read(value: str) -> str:
        if lost := sorted({f"U+{ord(each):04X}" for each in value[: length * 4] if _is_lost(each)}):
            raise ValueError(f"含有轉碼時遺失或無法辨識的字元（{'、'.join(lost)}），請改為正確的字")
        return read_text(value)

    return read


def _is_lost(character: str) -> bool:
    return character in LOST or unicodedata.category(character) in {"Cf", "Cn", "Co", "Cs"}


def optional_text(length: int) -> Callable[[str], str]:
    """The same, or nothing."""
    read = text(length)
    return lambda value: read(value) if value else ""


def code(is_right: Callable[[str], bool], wrong: str) -> Callable[[str], str]:
    """A number that passes `is_right`; full-width digits, blanks, hyphens and lower case are forgiven."""

    def read(value: str) -> str:
        cleaned = clean_code(value)
        if not cleaned:
            raise ValueError("沒有填")
        if not is_right(cleaned):
            raise ValueError(wrong)
        return cleaned

    return read


def one_of(choices: Collection[str], wrong: str = "") -> Callable[[str], str]:
    """One of the given values, exactly."""
    explained = wrong or f"不是 {'、'.join(choices)} 其中之一"

    def read(value: str) -> str:
        if (plain := typed.value(value)) not in choices:
            raise ValueError(explained)
        return plain

    return read


def day(value: str) -> date:
    """A date written YYYY-MM-DD."""
    try:
        if _DATE.fullmatch(plain := typed.with_hyphens(typed.value(value))):
            return date.fromisoformat(plain)
    except ValueError:
        pass
    raise ValueError("不是 YYYY-MM-DD 形式的日期")


def iso_day(value: str) -> str:
    """The same, kept as it is written."""
    return str(day(value))


def optional_day(value: str) -> date | None:
    """A date, or nothing."""
    return day(value) if value else None


def yes(value: str) -> bool:
    """1 for yes, 0 for no."""
    return one_of(("0", "1"))(value) == "1"


def _matching(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def applicant_dates(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the dates of a person contradict each other: (column, reason)."""
    born, enrolled = row.get("birth_date"), row.get("enrolled_on")
    if born and enrolled and enrolled <= born:
        yield "enrolled_on", "須晚於出生日期"


def permit_dates(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the dates of a permit contradict each other: (column, reason)."""
    issued, until, entered, stay = map(row.get, ("issued_on", "valid_until", "entered_on", "stay_until"))
    if issued and until and until < issued:
        yield "valid_until", "早於核發日期"
    if entered and issued and entered < issued:
        yield "entered_on", "早於核發日期"
    if entered and until and entered > until:
        yield "entered_on", "晚於有效期限"
    if stay and stay < (entered or issued or stay):
        yield "stay_until", f"早於{'入境日期' if entered else '核發日期'}"


def number(of: Number) -> Column:
    """The column of a number."""
    return Column(of.code, of.code, code(of.is_right, of.reason))


def papers(identity: Identity) -> Iterator[Column]:
    """The columns of a category's papers."""
    for paper in identity.papers:
        yield number(paper)
        if paper.expiry:
            yield Column(paper.expiry, paper.expiry, iso_day)


def with_papers(row: dict[str, Any], identity: Identity) -> dict[str, Any]:
    """The row as the model keeps it: what the papers' columns hold stands in `papers`."""
    own = {name for name, _label in identity.columns}
    shared = {field: value for field, value in row.items() if field not in own}
    return {**shared, "papers": {field: row[field] for field in row if field in own}}


def applicants(identity: Identity, school_codes: Collection[str]) -> Table:
    """The columns of applicants.csv for people of that identity; schools are those that the portal knows."""
    return Table(
        columns=(
            number(identity.ui_no),
            Column("chinese_name", "chinese_name", name(60)),
            Column("english_name", "english_name", name(80)),
            Column("gender", "gender", one_of(("0", "1"))),
            Column("birth_date", "birth_date", day),
            Column("birth_place", "birth_place", code(identity.is_birth_place, identity.birth_place_reason)),
            *papers(identity),
            Column("school_code", "school_id", one_of(school_codes, "不是已知學校的代碼（學校由 import_schools 匯入）")),
            Column("department", "department", text(60)),
            Column("degree", "degree", one_of(tuple(code for code, _name in DEGREES))),
            Column("student_no", "student_no", text(20)),
            Column("enrolled_on", "enrolled_on", day),
        ),
        check=applicant_dates,
    )


def permits(permit_types: Collection[str]) -> Table:
    """The columns of permits.csv; types are those of all categories."""
    return Table(
        columns=(
            number(PERMIT_NO),
            Column("ui_no", "applicant_id", code(UI_NO.is_right, UI_NO.reason)),
            Column("permit_type", "permit_type", one_of(permit_types)),
            Column("issued_on", "issued_on", day),
            Column("valid_until", "valid_until", day),
            Column("entered_on", "entered_on", optional_day),
            Column("stay_until", "stay_until", day),
            Column("revoked", "revoked", yes, is_optional=True),  # 已廢止
        ),
        check=permit_dates,
    )


def city(value: str) -> str:
    """A city, also as the Ministry of Education writes it: [30]臺北市."""
    return text(10)(_CITY_CODE.sub("", value))


# 大專校院名錄 has Chinese names for its columns, and some more of them.
SCHOOLS = Table(
    columns=(
        Column("code", "code", code(_matching("[0-9A-Z]{4}"), "不是 4 碼的學校代碼"), also="代碼"),
        Column("name", "name", text(60), also="學校名稱"),
        Column("city", "city", city, also="縣市名稱"),
        Column("name_en", "name_en", optional_text(120), is_optional=True),
        Column("name_zh_hans", "name_zh_hans", optional_text(60), is_optional=True),
        Column("aliases", "aliases", optional_text(200), is_optional=True),
    ),
    passed_over=frozenset({"kind", "地址", "電話", "網址", "體系別"}),
)
