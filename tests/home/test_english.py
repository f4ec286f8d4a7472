"""The finder of English finds it, wherever a page may keep it, and lets Chinese pass."""

import json

import pytest

from tests.english import english_in, english_in_catalog

CHINESE = """<!doctype html><title>編輯 - 學生線上申辦系統</title><!-- Not a text -->
<script>const notAText = "Save draft";</script><style>.not-a-text { color: red }</style>
<script type="application/json">{"name": "explorer-menu", "label": "頁面", "classname": "icon a-b", "type": "ObjectList"}</script>
<main class="Not a text"><h1>發布</h1><p>檔案須為 PDF 或 JPG，寄至 editor@agency.example，見 /student/entry/。</p>
<a href="/admin/" title="返回" data-action="w-action#click">返回</a><input type="submit" value="儲存"><input value="Not a text">
<option lang="en">Chinese, Traditional</option></main>"""


def test_a_chinese_page_has_no_english() -> None:
    assert english_in(CHINESE) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("<p>Save draft</p>", "Save draft"),
        ("<p>\n  Unpublish\n</p>", "Unpublish"),
        ("<p>頁面 Home 已發布</p>", "頁面 Home 已發布"),
        ("<template><li>No results</li></template>", "No results"),
        ("<noscript>any</noscript>", "any"),
        ('<a title="Go back"></a>', "Go back"),
        ('<input placeholder="Search…">', "Search…"),
        ('<nav aria-label="Breadcrumb"></nav>', "Breadcrumb"),
        ('<img alt="A person">', "A person"),
        ('<input type="submit" value="Search">', "Search"),
        ('<button data-w-progress-active-value="Saving…"></button>', "Saving…"),
        ("""<div data-tippy='{"content": "Close dialog"}'></div>""", "Close dialog"),
        ('<script type="application/json">{"menu": [{"label": "Reports"}]}</script>', "Reports"),
        ('<script type="application/json">["<p>Type here</p>"]</script>', "Type here"),
    ],
)
def test_english_is_found(written: str, found: str) -> None:
    assert english_in(CHINESE + written) == [found]


def test_data_are_not_the_pages_words() -> None:
    page = "<td>WANG, XIAOMING</td><td>刪除「WANG, XIAOMING」</td><td>Delete WANG, XIAOMING</td>"
    assert english_in(page, data=["WANG, XIAOMING", "WANG"]) == ["Delete WANG, XIAOMING"]


def test_english_in_the_scripts_catalog_is_found() -> None:
    catalog = json.dumps({"%(num)s min": ["%(num)s 分鐘"], "Undo": "Undo", "Redo": ["Redo it"]}, ensure_ascii=False)
    assert english_in_catalog(f"  const newcatalog = {catalog};\n  for (const key in newcatalog) {{}}\n") == ["Undo", "Redo it"]
