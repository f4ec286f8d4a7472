"""核准 is impossible until permit and receipt print: what is found, in which words, and what room there is on the paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations import Obstacle
from portal.cases.states import Action, Status
from portal.downloads import operations, papers
from portal.downloads.models import IssuedDocument
from portal.payments.models import Receipt
from portal.pdf import rendering as pdf
from tests import papers as read
from tests.factories import cases
from tests.kinds import like, registered

from .conftest import photo, renamed
from .test_permit import content_of

pytestmark = pytest.mark.django_db
LONG = {
    "chinese_name": "阿" * 60,
    "english_name": "W" * 80,
    "school_name": "學" * 60,
    "department": "\u2e3b" * 60,  # the widest character that there is
    "degree": "N",
}
NOTES = (
    '{% extends "portal/china_student/permit.html" %}{% block remarks %}{% for note in notes %}延期：原停留期限 2028/11/23，'
    '延至 2030/06/30 <span lang="en">(stay extended)</span>；{% endfor %}首次許可證號 {{ case.first_permit_no }}{% endblock %}'
)


@pytest.fixture
def in_review(owner: User, officer: User) -> Callable[..., Case]:
    """Make a case that is being reviewed, with these answers and this photo."""

    def made(*, picture: bytes = photo(), **answers: str) -> Case:
        files = [cases.document(content=picture, content_type="image/jpeg")]
        return cases.in_status(Status.IN_REVIEW, owner, officer, answers={**cases.ANSWERS, **answers}, documents=files)

    return made


def refusal(case: Case, officer: User) -> str:
    """What keeps the officer from approving the case."""
    with pytest.raises(Obstacle) as refused:
        cases.act(Action.APPROVE, case, officer)
    assert Case.objects.get().status == Status.IN_REVIEW
    assert not IssuedDocument.objects.exists()
    return str(refused.value)


def test_a_name_that_no_paper_shows(in_review: Callable[..., Case], officer: User) -> None:
    assert refusal(in_review(chinese_name="王\ue000\U00030000"), officer) == (
        "收據無法列印，不能核准：字型沒有收錄 U+E000、\U00030000（U+30000）。"
        "請退請補正，由申請人改用其他寫法；出自署內資料的，請先更正署內資料。"
    )


@pytest.mark.parametrize(("department", "named"), [("資訊😀系", "😀（U+1F600）"), ("資訊\u202e系程工", "U+202E")])
def test_another_word_of_the_permit(in_review: Callable[..., Case], officer: User, department: str, named: str) -> None:
    assert f"許可證無法列印，不能核准：字型沒有收錄 {named}。" in refusal(in_review(department=department), officer)


@pytest.mark.parametrize("picture", [b"no picture", photo()[:2000]])
def test_a_photo_that_cannot_be_read(in_review: Callable[..., Case], officer: User, picture: bytes) -> None:
    said = "許可證無法列印，不能核准：照片無法讀取。請退請補件，由申請人重新上傳照片。"
    assert refusal(in_review(picture=picture), officer) == said


def test_a_photo_that_is_lost(in_review: Callable[..., Case], officer: User) -> None:
    case = in_review()
    case.documents.get().file.delete(save=False)
    assert "照片無法讀取" in refusal(case, officer)


def test_a_text_without_end(in_review: Callable[..., Case], officer: User) -> None:
    said = "許可證無法列印，不能核准：內容過長，一頁放不下。請退請補正，由申請人縮短過長的內容。"
    assert refusal(in_review(department="國際" * 2000), officer) == said


def test_what_was_corrected_is_approved(in_review: Callable[..., Case], officer: User) -> None:
    case = in_review(chinese_name="王\ue000明")
    assert "U+E000" in refusal(case, officer)
    assert cases.act(Action.APPROVE, renamed(case, "王曉明"), officer).status == Status.AWAITING_PAYMENT


def test_a_receipt_is_tried_where_there_is_a_fee(in_review: Callable[..., Case]) -> None:
    case = in_review()
    assert papers.receipt_words(case) == ("王小明", "多次證")
    free = type(case.kind).fees[0].__class__(0, "多次證")
    with registered(like(case.kind, fees=(free,))):
        assert papers.receipt_words(case) == ()


def test_the_receipt_has_the_name_that_was_approved(receipt: Receipt) -> None:
    """The account's is the records': it may have a character that nobody can print, and nobody changes it."""
    User.objects.filter(pk=receipt.bill.owner_id).update(chinese_name="王\ue000明")
    receipt.refresh_from_db()

    assert "王小明" in read.text(content_of(operations.issue_receipt(receipt)))


# Room


def test_everything_as_long_as_may_be_stays_on_the_page(in_review: Callable[..., Case], officer: User) -> None:
    case = cases.act(Action.APPROVE, in_review(**LONG), officer)
    case = cases.act(Action.SETTLE, case, None)

    paper = content_of(operations.issue_permit(case))

    text = "".join(read.drawn_text(paper).split())
    assert read.info(paper)["Pages"] == "1"
    for said in (
        *(LONG[name] for name in ("chinese_name", "english_name", "school_name", "department")),
        "2026/11/24–2028/11/23",
    ):
        assert said in text


@pytest.mark.parametrize("answers", [{}, LONG], ids=["usual", "long"])
def test_many_notes_of_extensions_stay_on_the_page(
    in_review: Callable[..., Case], officer: User, answers: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "notes.html").write_text(NOTES)
    backend: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**backend, "DIRS": [tmp_path, *backend["DIRS"]]}]
    case = cases.act(Action.APPROVE, in_review(**answers), officer)
    document = IssuedDocument(number=case.case_no, case=case)

    paper = pdf.render("notes.html", {**papers.permit_context(document, case), "notes": range(12)})

    assert read.info(paper)["Pages"] == "1"
    assert "".join(read.drawn_text(paper).split()).count("延期：原停留期限2028/11/23，延至2030/06/30") == 12


def test_a_long_receipt_stays_on_the_page(receipt: Receipt) -> None:
    case = renamed(receipt.bill.lines.get().case, "阿" * 60)
    receipt.bill.lines.update(item="A" * 60)

    paper = content_of(operations.issue_receipt(receipt))

    text = "".join(read.drawn_text(paper).split())
    assert read.info(paper)["Pages"] == "1"
    for said in ("阿" * 60, "A" * 60, case.case_no, case.group_no, "1,000"):
        assert said in text
