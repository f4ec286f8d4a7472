"""編輯手冊 names fields, buttons and menus by the words that stand on the screens."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import wagtail
from django.conf import settings

ROOT: Path = settings.ROOT
BOOK = (ROOT / "docs" / "editors-handbook.md").read_text()
WORKFLOW = "發布前審核"  # portal/home/migrations/0002
# What an editor might write, good and bad, and what a name is not: sentences of the handbook itself.
EXAMPLES = {"12 月 6 日 22:00 至 24:00 系統維護", "收費標準（PDF）", "請上傳照片", "照片應予上傳", "右邊紅色的按鈕"}
SENTENCES = {"不放個人資料。", "改了正體中文，也要改另外兩種語言。", "儲存草稿不會上線，按「發布」才會。", "翻譯不會自動跟著改"}


def screens() -> Iterator[str]:
    """All words that a screen may show: ours, Wagtail's, and the catalogue of those that it does not translate itself."""
    for folder, kind in (("portal", "*.py"), ("templates", "*.html"), ("locale/zh_Hant", "*.po")):
        yield from (path.read_text() for path in (ROOT / folder).rglob(kind))
    for path in Path(wagtail.__file__).parent.rglob("locale/zh_Hant/LC_MESSAGES/*.mo"):
        with path.open("rb") as file:
            yield f"送交{WORKFLOW}"  # the button says its workflow
            yield from map(str, gettext.GNUTranslations(file)._catalog.values())  # type: ignore[attr-defined]


def test_every_name_in_the_handbook_stands_on_a_screen() -> None:
    names = {*re.findall("「([^」]+)」", BOOK), *re.findall(r"\*\*([^*]+)\*\*", BOOK)}
    shown = "\n".join(screens())
    assert len(names) > 60
    assert {name for name in names - EXAMPLES - SENTENCES if name not in shown} == set()
    assert {*EXAMPLES, *SENTENCES} <= names


def words() -> set[str]:
    """Each of them whole: what a button says from its first to its last character."""
    found: set[str] = set()
    for source in screens():
        found |= {source, *re.findall(r'"([^"\n]+)"', source), *(each.strip() for each in re.findall(r">([^<>{}]+)<", source))}
    return found


def test_what_is_pressed_is_called_so_and_not_only_in_part() -> None:
    pressed = set(re.findall("按「([^」]+)」", BOOK))
    assert {"送交發布前審核", "將此別名頁面轉換為一般頁面", "設定排程"} <= pressed
    assert pressed - words() == set()


def test_the_contents_name_every_section_in_its_order() -> None:
    assert re.findall(r"^\d+\. \[(.+)\]\(#", BOOK, re.MULTILINE) == re.findall(r"^## (.+)$", BOOK, re.MULTILINE)


def test_the_table_of_places_names_every_section_of_a_place() -> None:
    """What has a section is kept in the admin: the table says where."""
    table = BOOK.split("## 哪一段文字在哪裡改")[1].split("\n## ")[0]
    for place in ("公告", "引導文字", "使用聲明事項", "加附文件", "退補事由範本", "不予核准原因", "通知信文字", "機關與聯絡資訊"):
        assert re.search(rf"^\|.+\| (設定 › )?{place} \|$", table, re.MULTILINE), place
        assert f"\n## {place}\n" in BOOK
    assert "通知信" not in table.split("不在後臺")[0].rpartition("\n")[2]


def test_a_name_that_no_screen_has_is_noticed() -> None:
    assert "開始與結束" not in "\n".join(screens())
