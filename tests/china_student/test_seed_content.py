"""What the 說明頁 says on a fresh site: the manual's functions, and the papers, fees and limits that the flows ask for."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.utils import translation

from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.china_student.models import ChinaStudentPage
from portal.china_student.seed_content import CONTENT
from portal.home.models import StandardPage
from portal.uploads.decoder.problems import MAX_PAGES
from tests.pages_in_blocks import fits_the_editor

KINDS = list(kinds.of_category("china-student"))
APPLICATIONS = list(CONTENT["zh-hant"].documents)
FEE_ITEMS = list(CONTENT["zh-hant"].fees)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


every_language = pytest.mark.parametrize("language", CONTENT)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_pages(language: str) -> None:
    words = CONTENT[language]
    for page in (ChinaStudentPage(**words.fields()), StandardPage(**words.leaving.fields())):
        fits_the_editor(page)
    assert (words.slug, words.leaving.slug) == ("china-student", "leaving")


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
        asked_for = [(str(slot.label), slot.required and not slot.condition) for slot in kind.documents]
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
    assert numbers == [str(settings.UPLOAD_PICTURE_BYTES // 2**20), str(settings.UPLOAD_MAX_BYTES // 2**20), str(MAX_PAGES)]
    assert all(suffix in rules for suffix in ("JPG", "JPEG", "PNG", "BMP", "HEIC", "PDF"))


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("eligibility", "入境翌日起 2 個月之停留期間內"),
        ("eligibility", "須於停留期間屆滿前 3 個月內始得申請"),
        ("eligibility", "單次證尚未換發，也沒有其他有效的多次證"),
        ("eligibility", "效期未滿 1 個月者，請儘速換發"),
        ("processing", "入境後 7 日內"),
        ("processing", "收到通知之翌日起 2 個月內補正"),
        ("processing", "自核發之翌日起算 2 年"),
        ("processing", "博士班修業已滿 5 年、碩士班已滿 3 年、學士班已滿 4 年"),
        ("processing", "每次不得逾 6 個月"),
        ("processing", "休學期間不計入修業年數"),
        ("processing", "依教育部核定之修業期間核定"),
    ],
)
def test_the_law_is_told(field: str, fact: str) -> None:
    assert fact in getattr(CONTENT["zh-hant"], field)


@pytest.mark.parametrize(
    "fact",
    [
        "自生效之翌日起 10 日內，將多次入出境許可證換發為單次出境證",  # 就讀辦法 §18 I: two dates, not one
        "在單次出境證的有效期間內離境",
        "自 3 月 3 日起算，最晚於 3 月 12 日換發",
        "畢業後 1 個月內，換發單次出境證並離境",
        "新臺幣 300 元",
        "由錄取學校於您完成註冊後函送異動申請",  # §18 II
        "就學期間已繳交過健康檢查合格證明者，不必再附",
        "2,000 元以上 10,000 元以下罰鍰",  # 兩岸條例 §87-1
        "1 年至 3 年內不予許可再來臺",  # 就讀辦法 §11 II
    ],
)
def test_who_leaves_is_told_what_to_do_by_when(fact: str) -> None:
    assert fact in "".join(CONTENT["zh-hant"].leaving.body)


def test_the_example_of_ten_days_is_counted_as_the_law_counts() -> None:
    """行政程序法 §48 II: the day on which it takes effect is not counted."""
    takes_effect = dt.date(2026, 3, 2)
    days = [takes_effect + dt.timedelta(days=number) for number in range(1, 11)]
    assert (days[0], days[-1]) == (dt.date(2026, 3, 3), dt.date(2026, 3, 12))


@every_language
def test_only_the_page_on_leaving_has_headings_of_its_own(language: str) -> None:
    words = CONTENT[language]
    assert "<h2" not in repr(words.fields())
    assert [part[:4] for part in words.leaving.body] == ["<h2>"] * 7


@every_language
def test_the_page_leads_on_to_the_one_on_leaving_by_its_name(language: str) -> None:
    words = CONTENT[language]
    start = "" if language == "zh-hant" else f"/{language}"
    link = f'<a href="{start}/student/entry/china-student/leaving/">{words.leaving.title}</a>'
    assert sum(link in answer for answer in words.faq.values()) == 1


@every_language
def test_the_translations_tell_the_numbers_of_the_source(language: str) -> None:
    """A deadline or an amount that differs in one language is a wrong one."""
    ours, source = CONTENT[language], CONTENT["zh-hant"]
    for field in ("eligibility", "processing"):
        assert numbers(getattr(ours, field)) == numbers(getattr(source, field)), field
    for part, expected in zip(ours.leaving.body, source.leaving.body, strict=True):
        assert numbers(part.replace("March", "3")) == numbers(expected), part
