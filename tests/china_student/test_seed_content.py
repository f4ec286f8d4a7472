"""What the 說明頁 says on a fresh site: the manual's functions, and the papers, fees and limits that the flows ask for."""

import datetime as dt
import re

import pytest
from django.conf import settings

from portal.cases import kinds
from portal.china_student.models import ChinaStudentPage
from portal.china_student.seed_content import CONTENT
from portal.home.models import StandardPage
from portal.uploads.decoder.problems import MAX_PAGES
from tests.pages_in_blocks import fits_the_editor


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


every_language = pytest.mark.parametrize("language", CONTENT)


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_pages(language: str) -> None:
    words = CONTENT[language]
    for page in (ChinaStudentPage(**words.fields()), StandardPage(**words.leaving.fields())):
        fits_the_editor(page)
    assert (words.slug, words.leaving.slug) == ("china-student", "leaving")


@every_language
def test_eleven_functions_and_many_questions(language: str) -> None:
    assert len(CONTENT[language].services) == 11
    assert len(CONTENT[language].faq) >= 12


@every_language
def test_each_note_stands_beside_a_document_that_a_kind_asks_for(language: str) -> None:
    asked = {f"{kind.code}.{slot.code}" for kind in kinds.of_category("china-student") for slot in kind.documents}
    assert CONTENT[language].document_notes.keys() == CONTENT["zh-hant"].document_notes.keys() <= asked


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
def test_the_law_is_said(field: str, fact: str) -> None:
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
def test_who_leaves_reads_what_to_do_by_when(fact: str) -> None:
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


# What students ask, each with the fact that it turns on.
ASKED = {
    "可以請學校代為申請嗎？學校也送了怎麼辦？": "同一項申請只送一件",
    "復學時要重新做健康檢查嗎？": "免附",
    "轉學或升學時怎麼辦？": "由錄取學校於您完成註冊後函送異動申請",
    "修讀輔系、雙主修，可以延長多久？": "每次延期不得逾 6 個月",
    "印出的許可證遺失或破損怎麼辦？": "再以彩色列印一張，不必重新申請",
    "人在境外，許可證快到期了怎麼辦？": "停留期間屆滿後，不能再用這張許可證入境",
    "期限的最後一天是星期六或假日怎麼辦？": "是星期六的，到次星期一上午為止",
    "證件正反面要合成一個檔案嗎？": "或分成兩個檔案，上傳到同一項文件",
    "休學、退學或畢業時怎麼辦？": "10 日內換發，再於該證有效期間內離境；畢業的，1 個月內換發並離境",
    "父母可以來臺探望嗎？": "pcode=Q0060002",
    "逾期停留的罰鍰提高了嗎？": "2024 年提高的是外國人的罰鍰",
}


@pytest.mark.parametrize("question", ASKED)
def test_what_students_ask_is_answered(question: str) -> None:
    assert ASKED[question] in CONTENT["zh-hant"].faq[question]


@every_language
@pytest.mark.parametrize("question", ASKED)
def test_an_answer_tells_the_numbers_of_the_source(question: str, language: str) -> None:
    source = CONTENT["zh-hant"].faq
    ours = list(CONTENT[language].faq.values())[list(source).index(question)]
    assert numbers(ours) == numbers(source[question])


def test_two_files_fit_where_a_card_has_two_sides() -> None:
    two_sided = [slot for kind in kinds.of_category("china-student") for slot in kind.documents if "正反面" in str(slot.label)]
    assert {slot.code for slot in two_sided} >= {"person-id", "travel-document"}
    assert all(slot.max_files >= 2 for slot in two_sided)
