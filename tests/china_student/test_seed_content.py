"""What the 說明頁 says on a fresh site: the manual's functions, and the papers, fees and limits that the flows ask for."""

import re

import pytest
from django.conf import settings
from django.utils import translation

from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.china_student.models import ChinaStudentPage
from portal.china_student.seed_content import CONTENT
from portal.uploads.decoder.problems import MAX_PAGES
from tests.pages_in_blocks import fits_the_editor

# Those of the pack; tests/sketch_extension adds one.
KINDS = [kind for kind in kinds.of_category("china-student") if type(kind).__module__.startswith("portal.")]
APPLICATIONS = list(CONTENT["zh-hant"].documents)
FEE_ITEMS = list(CONTENT["zh-hant"].fees)

every_language = pytest.mark.parametrize("language", CONTENT)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_page(language: str) -> None:
    page = ChinaStudentPage(**CONTENT[language].fields())
    fits_the_editor(page)
    assert page.slug == "china-student"


@every_language
def test_eleven_functions_three_applications_three_fees(language: str) -> None:
    words = CONTENT[language]
    assert (len(words.services), len(words.documents), len(words.fees)) == (11, 3, 3)
    assert list(words.fees.values()) == [1000, 300, 0]
    assert len(words.faq) >= 12


@every_language
def test_an_application_is_called_the_same_in_the_services_and_at_its_papers(language: str) -> None:
    words = CONTENT[language]
    assert set(words.documents) <= set(words.services)


@every_kind
@every_language
def test_the_papers_are_those_that_the_form_asks_for_in_its_words(language: str, kind: CaseKind) -> None:
    papers = list(CONTENT[language].documents.values())[APPLICATIONS.index(str(kind.name))]
    with translation.override(language):
        asked_for = [(str(slot.label), slot.required) for slot in kind.documents]
    assert [(paper.title, paper.required) for paper in papers] == asked_for


@every_kind
@every_language
def test_the_fee_is_the_kinds(language: str, kind: CaseKind) -> None:
    (asked,) = kind.fees
    item, fee = list(CONTENT[language].fees.items())[FEE_ITEMS.index(str(asked.item))]
    with translation.override(language):
        assert (item, fee) == (str(asked.item), asked.amount)


@every_language
def test_the_limits_of_uploads_are_those_that_are_set(language: str) -> None:
    rules = CONTENT[language].document_rules
    numbers = re.findall(r"\d+", rules)
    assert numbers == [str(settings.UPLOAD_MAX_BYTES // 2**20), str(MAX_PAGES)]
    assert all(suffix in rules for suffix in ("JPG", "JPEG", "PNG", "BMP", "PDF"))


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("eligibility", "入境翌日起 2 個月之停留期間內"),
        ("eligibility", "須於停留期間屆滿前 3 個月內始得申請"),
        ("eligibility", "大陸地區旅行證件之效期尚有 1 個月以上"),
        ("processing", "入境後 7 日內"),
        ("processing", "收到通知之翌日起 2 個月內補正"),
        ("processing", "自核發之翌日起算 2 年"),
        ("processing", "博士班修業已滿 5 年、碩士班已滿 3 年、學士班已滿 4 年"),
        ("processing", "每次不得逾 6 個月"),
    ],
)
def test_the_law_is_told(field: str, fact: str) -> None:
    assert fact in getattr(CONTENT["zh-hant"], field)


@every_language
def test_the_translations_tell_the_numbers_of_the_source(language: str) -> None:
    """A deadline or an amount that differs in one language is a wrong one."""
    ours, source = CONTENT[language], CONTENT["zh-hant"]
    for field in ("eligibility", "processing"):
        told = re.findall(r"\d+", getattr(ours, field))
        expected = re.findall(r"\d+", getattr(source, field))
        assert sorted(told) == sorted(expected), field
