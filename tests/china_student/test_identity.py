"""Numbers of 陸生's papers; the vectors are published ones or agree with independent implementations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.china_student import identity
from portal.core import categories
from portal.fields.identifiers import is_ui_no

PERSON_IDS = [
    "11010519491231002X",
    "360426199101010071",
    "350203199909150029",
    "310104200103040014",
    "510107199811200032",
    "650102199706070044",
]


UI_NOS = [
    *("A890000002", "A990000013", "F890123452", "H991234565", "W890000128", "Z990000345"),  # since 2021
    *("AA00000009", "AB12345677", "FA12345689"),
]


@pytest.mark.parametrize("number", UI_NOS)
def test_ui_no_of_the_mainland(number: str) -> None:
    assert identity.is_mainland_ui_no(number)


@pytest.mark.parametrize(
    "number",
    [
        "A800000014",  # a foreigner's
        "A870000006",  # of a national without household registration
        "A880000009",  # of Hong Kong or Macau
        "HD12345678",  # a foreigner's, before 2021
        "A890000003",  # check digit
        "A89000000",
        "A8900000020",
        "a890000002",
        "",
    ],
)
def test_not_a_ui_no_of_the_mainland(number: str) -> None:
    assert not identity.is_mainland_ui_no(number)


def test_the_other_numbers_are_right_in_themselves() -> None:
    for number in ("A800000014", "A870000006", "A880000009", "HD12345678"):
        assert is_ui_no(number)
        assert not categories.identities()["china-student"].ui_no.is_right(number)


@pytest.mark.parametrize("number", PERSON_IDS)
def test_person_id(number: str) -> None:
    assert identity.is_person_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # check character
        "11010519490231002X",  # 31 February
        "11010517491231002X",  # century
        "010105194912310021",
        "11010519491231002x",
        "11010519491231002",
        "",
    ],
)
def test_not_a_person_id(number: str) -> None:
    assert not identity.is_person_id(number)


@given(st.sampled_from(PERSON_IDS), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_person_id_is_noticed(number: str, place: int, digit: str) -> None:
    changed = number[:place] + digit + number[place + 1 :]
    assert identity.is_person_id(changed) == (changed == number)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("L10000001", True),
        ("T20000002", True),
        ("C10000001", False),
        ("E12345678", False),
        ("L1000000", False),
        ("l10000001", False),
    ],
)
def test_travel_document_no(number: str, good: bool) -> None:
    assert identity.is_travel_document_no(number) is good


def test_the_category_knows_its_people_by_these() -> None:
    known = categories.identities()["china-student"]
    assert [(paper.code, str(paper.label), paper.identifies, paper.expiry) for paper in known.papers] == [
        ("person_id", "大陸居民身分證號", False, ""),
        ("travel_document_no", "大陸居民往來台灣通行證號", True, "travel_document_expiry"),
    ]
    assert [(code, str(label)) for code, label in known.permit_types] == [("single", "單次"), ("multiple", "多次")]
