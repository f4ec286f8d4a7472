"""Numbers of people and papers; the vectors are published ones or agree with independent implementations."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core import categories
from portal.fields import identifiers
from tests import people

UI_NOS = [
    "A890000002",
    "A990000013",
    "F890123452",
    "H991234565",
    "W890000128",
    "Z990000345",
    "AA00000009",
    "AB12345677",
    "FA12345689",
    "HD12345678",
    "A800000014",
]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a890000002", "A890000002"),
        ("Ａ８９００００００２", "A890000002"),
        (" A89 000-0002\t", "A890000002"),
        ("1150\u30000000－0015", "115000000015"),
        ("1150–0000—0015", "115000000015"),
        ("\ufeffl1000\u200b0001", "L10000001"),
        ("11010519491231002x", "11010519491231002X"),
        ("", ""),
    ],
)
def test_codes_are_cleaned(typed: str, kept: str) -> None:
    assert identifiers.clean_code(typed) == kept


@given(st.text())
@example("R¸")
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    once = identifiers.clean_code(typed)
    assert identifiers.clean_code(once) == once


@pytest.mark.parametrize("number", UI_NOS)
def test_ui_no(number: str) -> None:
    assert identifiers.is_ui_no(number)


@pytest.mark.parametrize("number", UI_NOS)
def test_ui_no_with_another_last_digit(number: str) -> None:
    others = [f"{number[:-1]}{digit}" for digit in range(10) if str(digit) != number[-1]]
    assert [other for other in others if identifiers.is_ui_no(other)] == []


@pytest.mark.parametrize(
    "number", ["", "A89000000", "A8900000020", "a890000002", "A790000002", "AE00000009", "A８90000002", "A890000002\n"]
)
def test_not_a_ui_no(number: str) -> None:
    assert not identifiers.is_ui_no(number)


@pytest.mark.parametrize(
    ("number", "good"),
    [("115000000015", True), ("11500000001", False), ("1150000000150", False), ("11500000001A", False), ("", False)],
)
def test_permit_no(number: str, good: bool) -> None:
    assert identifiers.is_permit_no(number) is good


@pytest.mark.parametrize(
    ("body", "digit"), [("11500000000", "9"), ("11410000001", "6"), ("11510000001", "3"), ("00000000000", "0")]
)
def test_check_digit(body: str, digit: str) -> None:
    assert identifiers.check_digit(body) == digit


def test_case_no() -> None:
    assert identifiers.case_no(roc_year=115, digit="1", serial=1) == "115100000013"
    assert identifiers.case_no(roc_year=99, digit="2", serial=5_000_001) == "099250000010"


@pytest.mark.parametrize(
    ("year", "digit", "serial"), [(115, "1", 10_000_000), (115, "", 1), (115, "x", 1), (115, "1", -1), (1150, "1", 1)]
)
def test_no_receipt_no_of_another_length(year: int, digit: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no receipt number of twelve digits"):
        identifiers.case_no(roc_year=year, digit=digit, serial=serial)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("A890000002", "A89****002"),
        ("L10000001", "L10***001"),
        ("115000000015", "115******015"),
        ("12345678", "1*******"),
        ("1", "1"),
        ("", ""),
    ],
)
def test_mask(number: str, shown: str) -> None:
    assert identifiers.mask(number) == shown


def test_the_standing_people_carry_valid_numbers(wang: object, chen: object) -> None:
    from portal.records.models import Applicant

    for person in Applicant.objects.all():
        papers = categories.identities()[person.category].papers
        assert identifiers.is_ui_no(person.ui_no)
        assert all(paper.is_right(person.papers[paper.code]) for paper in papers)
    assert identifiers.is_permit_no(people.SINGLE_PERMIT_NO)
