"""DOCUMENT_SAMPLE=off: nothing on any paper says 範例 any more. A new template that is printed needs a maker here."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.downloads import operations
from portal.my_cases import copies
from portal.payments.models import Receipt
from portal.payments.slips import paper
from tests import papers
from tests.architecture.source import ROOT
from tests.factories import cases
from tests.factories import payments as make

from .conftest import PAID_AT, pay
from .test_permit import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WATERMARK = re.compile(rb"/ca 0?\.17\b")  # the opacity of sample.svg
Close = Callable[..., Case]


def permit(close: Close, owner: User, officer: User) -> bytes:
    return content_of(operations.issue_permit(close()))


def receipt(close: Close, owner: User, officer: User) -> bytes:
    paid: Receipt = pay(close())
    return content_of(operations.issue_receipt(paid))


def slip(close: Close, owner: User, officer: User) -> bytes:
    case = cases.in_status(Status.AWAITING_PAYMENT, owner, officer)
    bill = make.open_bill(owner, case, now=PAID_AT)
    with paper.printed(make.slip(bill, now=PAID_AT + timedelta(minutes=1))).slip_file.open("rb") as file:
        return bytes(file.read())


def copy(close: Close, owner: User, officer: User) -> bytes:
    return copies.draw(close(), language="zh-hant")


MAKERS = {
    "portal/china_student/permit.html": permit,
    "portal/downloads/receipt.html": receipt,
    paper.TEMPLATE: slip,
    copies.TEMPLATE: copy,
}


def test_every_template_that_is_printed_is_here() -> None:
    """They say when what stands on them was made, for a file's metadata."""
    found = [path for path in (ROOT / "templates").rglob("*.html") if "dcterms.created" in path.read_text(encoding="utf-8")]
    bases = {"portal/downloads/permit_base.html": "portal/china_student/permit.html"}
    names = [str(path.relative_to(ROOT / "templates")) for path in found]
    assert {bases.get(name, name) for name in names} == MAKERS.keys()


def marks(content: bytes) -> tuple[bool, bool]:
    """Whether words and whether the picture behind them say that it is a sample."""
    plain = BytesIO()
    with pikepdf.open(BytesIO(content)) as made:
        made.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    watermark = WATERMARK.search(plain.getvalue()) is not None
    return bool(re.search("範例|SAMPLE", papers.text(content))), watermark


@pytest.mark.parametrize("template", MAKERS)
def test_a_setting_takes_the_mark_of_a_sample_away(
    template: str, close: Close, owner: User, officer: User, settings: Settings
) -> None:
    settings.DOCUMENT_SAMPLE = False
    assert marks(MAKERS[template](close, owner, officer)) == (False, False)


@pytest.mark.parametrize("template", MAKERS)
def test_it_stands_there_unless_the_setting_says_otherwise(template: str, close: Close, owner: User, officer: User) -> None:
    assert marks(MAKERS[template](close, owner, officer)) == (True, template != paper.TEMPLATE)
