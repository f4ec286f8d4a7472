"""What keeps a page from being published."""

import pytest

from portal.china_student.models import ChinaStudentPage
from portal.cms.accessibility import Fault, faults
from portal.home.models import StandardPage

pytestmark = pytest.mark.django_db  # a page asks for its content type


def page(*parts: str) -> StandardPage:
    return StandardPage(title="頁面", body=[("text", part) for part in parts])


@pytest.mark.parametrize(
    "html",
    [
        "<h2>標題</h2><h3>小標題</h3><h2>下一個</h2>",
        '<p>請見<a href="/privacy/">隱私權政策</a>。</p>',
        "<p>https://example.test/ 不是連結</p>",
    ],
)
def test_what_everybody_can_read_has_no_fault(html: str) -> None:
    assert faults(page(html)) == []


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<h3>小標題</h3>", "標題「小標題」跳過了一層：前面沒有第 2 層標題。"),
        ("<h2>標題</h2><h4>太深</h4>", "標題「太深」跳過了一層：前面沒有第 3 層標題。"),
        ("", "有一段文字沒有內容，請填寫或刪除這個區塊。"),
        ('<p data-block-key="a">&nbsp;</p>', "有一段文字沒有內容，請填寫或刪除這個區塊。"),
        ("<h2> </h2>", "有一個標題沒有文字，請刪除或填寫。"),
        ('<p><a href="/x/"> </a></p>', "有一個連結沒有文字，請刪除或填寫。"),
        ('<p><a href="/x/">點此</a></p>', "連結文字「點此」看不出會到哪裡，請寫出目的地的名稱。"),
        ('<p><a href="/x/"><b>Click  here</b>…</a></p>', "連結文字「Click here…」看不出會到哪裡，請寫出目的地的名稱。"),
        ('<p><a href="/x/">https://example.test/x</a></p>', "連結文字「https://example.test/x」是網址，請改寫成目的地的名稱。"),
    ],
)
def test_a_fault_is_named_with_its_words(html: str, message: str) -> None:
    assert faults(page(html)) == [Fault("body", message)]


def test_levels_go_on_from_one_part_to_the_next() -> None:
    assert faults(page("<h2>標題</h2>", "<h3>小標題</h3>")) == []
    assert len(faults(page("<h3>小標題</h3>", "<h2>標題</h2>"))) == 1


def test_texts_inside_blocks_are_read_too() -> None:
    callout = {"level": "info", "text": '<p><a href="/x/">更多</a></p>'}
    found = faults(StandardPage(title="頁面", body=[("callout", callout)]))
    assert [fault.message for fault in found] == ["連結文字「更多」看不出會到哪裡，請寫出目的地的名稱。"]


def test_a_field_that_is_left_empty_has_no_fault() -> None:
    """A part of a StreamField is there because somebody put it there; a field is there anyway."""
    assert faults(ChinaStudentPage(title="頁面", eligibility="", document_rules="<p></p>")) == []


def table(headings: list[str], *rows: list[str]) -> list[str]:
    """The faults of a page with such a table."""
    columns = [{"type": "text", "heading": heading} for heading in headings]
    value = {"columns": columns, "rows": [{"values": row} for row in rows], "caption": ""}
    body = StandardPage._meta.get_field("body").stream_block.to_python([{"type": "table", "value": value}])
    return [fault.message for fault in faults(StandardPage(title="頁面", body=body))]


def test_a_table_names_its_columns() -> None:
    assert table(["項目", "金額"], ["a", "b"]) == []
    assert table(["項目", " "], ["a", "b"]) == ["表格有一欄沒有欄名，請填寫。"]


@pytest.mark.parametrize(("headings", "rows"), [([], []), (["項目"], []), (["項目"], [[""], [" "]])])
def test_a_table_says_something(headings: list[str], rows: list[list[str]]) -> None:
    assert table(headings, *rows) == ["有一個表格沒有內容，請填寫或刪除這個區塊。"]
