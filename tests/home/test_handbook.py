"""編輯手冊 names fields, buttons and menus by the words that stand on the screens."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import wagtail
from django.conf import settings

ROOT: Path = settings.ROOT
BOOK = (ROOT / "docs" / "editors-handbook.md").read_text()
# What an editor might write, good and bad, and what a name is not: sentences of the handbook itself.
EXAMPLES = {"12 月 6 日 22:00 至 24:00 系統維護", "收費標準（PDF）", "請上傳照片", "照片應予上傳", "右邊紅色的按鈕"}
SENTENCES = {"不放個人資料。", "改了正體中文，也要改另外兩種語言。", "儲存草稿不會上線，按「發布」才會。", "翻譯不會自動跟著改"}


def screens() -> Iterator[str]:
    """All words that a screen may show: ours, Wagtail's, and the catalogue of those that it does not translate itself."""
    for folder, kind in (("portal", "*.py"), ("templates", "*.html"), ("locale/zh_Hant", "*.po")):
        yield from (path.read_text() for path in (ROOT / folder).rglob(kind))
    for path in Path(wagtail.__file__).parent.rglob("locale/zh_Hant/LC_MESSAGES/*.mo"):
        with path.open("rb") as file:
            yield from map(str, gettext.GNUTranslations(file)._catalog.values())  # type: ignore[attr-defined]


def test_every_name_in_the_handbook_stands_on_a_screen() -> None:
    names = {*re.findall("「([^」]+)」", BOOK), *re.findall(r"\*\*([^*]+)\*\*", BOOK)}
    shown = "\n".join(screens())
    assert len(names) > 60
    assert {name for name in names - EXAMPLES - SENTENCES if name not in shown} == set()
    assert {*EXAMPLES, *SENTENCES} <= names


def test_a_name_that_no_screen_has_is_noticed() -> None:
    assert "開始與結束" not in "\n".join(screens())
