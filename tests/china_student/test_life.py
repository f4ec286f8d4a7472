"""One student's years: 換發, 延期, 資料異動, and 延期 again beyond the normal length of study.

Each permit names the one before it and the first.
"""

import datetime as dt
from itertools import pairwise

import pytest

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case
from portal.downloads.models import IssuedDocument
from portal.records.models import Applicant, Permit
from tests import papers, people
from tests.conftest import logged_in
from tests.forms.answers import OWN_ANSWERS, REQUIRED_SLOTS

from .applying import HOME, at, decide, noon, send, to_the_form
from .test_rules import D

SINGLE = people.SINGLE_PERMIT_NO
EXCHANGE, EXTENSION, CHANGE = kinds.of_category(people.CATEGORY)
# What neither the records nor an earlier application fill in.
EXTENDING = {"extension_reason": "thesis", "party_role": "never"}
CHANGING = {
    "changes": ["chinese_name", "travel_document"],
    "chinese_name": "王曉明",
    "travel_document_no": "L30000003",
    "travel_document_expiry": "2039/3/1",
    "change_reason": "changed",
    "changed_on": "2029/3/1",
}


def lived(owner: User, officer: User) -> list[Case]:
    """The four applications, each with the permit that came of the one before."""
    found: list[Case] = []
    for day, kind, answers, slots in (
        (people.TODAY, EXCHANGE, OWN_ANSWERS, REQUIRED_SLOTS),
        (D(2028, 9, 1), EXTENSION, EXTENDING, ("permit", "enrolment", "travel-document")),  # the photo is there
        (D(2029, 3, 15), CHANGE, CHANGING, ("permit", "proof", "travel-document")),
        (D(2030, 9, 2), EXTENSION, EXTENDING, ("permit", "enrolment", "travel-document")),
    ):
        with at(day):
            number = found[-1].case_no if found else SINGLE
            found.append(decide(send(owner, kind, number, answers, *slots), officer, noon(day)))
    return found


@pytest.fixture
def cases(single_permit: Permit, owner: User, officer: User, declared: None) -> list[Case]:
    return lived(owner, officer)


def downloaded(owner: User, case: Case) -> str:
    """What stands on the permit."""
    response = logged_in(owner).get(f"{HOME}/downloads/permits/{case.case_no}.pdf")
    return "".join(papers.text(b"".join(response.streaming_content)).split())  # type: ignore[attr-defined]


def said_to(owner: User, kind: str, number: str) -> str:
    response = to_the_form(logged_in(owner), kind, number)[1]
    return "" if response.status_code == 302 else str(response.content.decode())


def test_a_students_life(cases: list[Case], owner: User) -> None:
    prolonged = cases[-1]

    # Two years, two years more, the same dates under another name, and six months: four years of study are over.
    assert [(case.kind_code, case.fee, case.permit_issued_on, case.permit_stay_until) for case in cases] == [
        ("multiple-entry", 1000, D(2026, 11, 23), D(2028, 11, 23)),
        ("extension", 300, D(2028, 9, 1), D(2030, 11, 23)),
        ("data-change", 0, D(2029, 3, 15), D(2030, 11, 23)),
        ("extension", 300, D(2030, 9, 2), D(2031, 5, 23)),
    ]
    assert all(case.permit_valid_until == case.permit_stay_until for case in cases)

    # The records know each with the one before and the first.
    numbers = [SINGLE, *(case.case_no for case in cases)]
    known = Permit.objects.exclude(permit_no=SINGLE).order_by("issued_on")
    assert list(known.values_list("permit_no", "previous_permit_no", "first_permit_no", "permit_type")) == [
        (number, before, SINGLE, "multiple") for before, number in pairwise(numbers)
    ]
    assert [(case.permit_no, case.first_permit_no) for case in cases] == [(number, SINGLE) for number in numbers[:-1]]

    # The name is another one since the correction: in the records, for the account, and on what comes after.
    owner.refresh_from_db()
    assert owner.chinese_name == Applicant.objects.get().chinese_name == "王曉明"
    assert [case.name for case in cases] == ["王小明", "王小明", "王小明", "王曉明"]
    assert prolonged.answers["chinese_name"] == "王曉明"
    assert [prolonged.answers["mother_status"], prolonged.answers["township"]] == ["2", OWN_ANSWERS["township"]]

    with at(D(2030, 9, 2)):
        for case, said in zip(
            cases,
            (
                [f"原許可證號{SINGLE}", "2026/11/24–2028/11/23", "王小明"],
                ["延期：原停留期限2028/11/23，延至2030/11/23", f"原許可證號{numbers[1]}，首次許可證", SINGLE, "王小明"],
                ["資料異動", "2030/11/23", f"原許可證號{numbers[2]}，首次許可證", SINGLE, "王曉明", "L30000003"],
                ["延期：原停留期限2030/11/23，延至2031/05/23", f"原許可證號{numbers[3]}，首次許可證", SINGLE, "王曉明"],
            ),
            strict=True,
        ):
            paper = downloaded(owner, case)
            assert [each for each in [*said, case.case_no, "A890000002"] if each not in paper] == []

        # Whoever verifies an older paper reads that it was exchanged.
        codes = dict(IssuedDocument.objects.filter(kind="permit").values_list("number", "verification_code"))
        pages = [logged_in(owner).get(f"/verify/{codes[case.case_no]}/").content.decode() for case in cases]
        assert ["<h2>已換發</h2>" in page for page in pages] == [True, True, True, False]
        assert "<h2>有效</h2>" in pages[-1]

        # And nothing can be done with it any more.
        for number in numbers[1:-1]:
            for kind in ("extension", "data-change"):
                assert "此許可證已換發新證，請以新證申請" in said_to(owner, kind, number)
        assert "此許可證已換發新證，請以新證申請" in said_to(owner, "multiple-entry", SINGLE)
        assert "須於停留期間屆滿前3個月內始得申請" in said_to(owner, "extension", prolonged.case_no)


@pytest.mark.parametrize(
    ("day", "opens_on"),
    [(D(2028, 8, 22), "2028/08/23"), (D(2028, 8, 23), None)],
)
def test_between_two_permits_the_window_holds(
    single_permit: Permit, owner: User, officer: User, declared: None, day: dt.date, opens_on: str | None
) -> None:
    with at(people.TODAY):
        case = decide(send(owner, EXCHANGE, SINGLE, OWN_ANSWERS, *REQUIRED_SLOTS), officer, noon(people.TODAY))
    with at(day):
        page = said_to(owner, "extension", case.case_no)
    assert (f'可申請日期：<strong class="number">{opens_on}</strong>' in page) if opens_on else not page
