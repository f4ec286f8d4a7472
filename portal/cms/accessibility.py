"""Faults that keep a page from some of its readers, found in what editors write (WCAG 2.2: 1.3.1, 2.4.4, 2.4.6).

Asked when a page is published; Wagtail's own checker, which looks at the drawn page, helps while it is written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from wagtail.blocks import StreamValue
from wagtail.blocks.list_block import ListValue
from wagtail.contrib.typed_table_block.blocks import TypedTable
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText

from portal.core.wording import is_blank

VAGUE: Final = frozenset(
    {
        *("這裡", "此處", "此", "點此", "按此", "點這裡", "按這裡", "請按此", "請點此", "更多", "詳細", "詳情", "連結", "下載"),
        *("这里", "此处", "点此", "点击这里", "链接", "下载", "here", "click here", "more", "read more", "link", "download"),
    }
)
_ADDRESS: Final = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_HEADING: Final = re.compile(r"h[1-6]")


@dataclass(frozen=True)
class Fault:
    """What is wrong, in the editors' words, and in which field of the page it stands."""

    field: str
    message: str


def faults(page: Page) -> list[Fault]:
    """Every fault of the page as it is now, in the order of its fields."""
    found: list[Fault] = []
    level = 1  # the title of the page
    for field, value in _written(page):
        if isinstance(value, TypedTable):
            found += [Fault(field, message) for message in _of_table(value)]
            continue
        soup = BeautifulSoup(value, "html.parser")
        messages, level = _of_headings(soup, level)
        messages += _of_links(soup)
        if not messages and is_blank(value) and isinstance(page._meta.get_field(field), StreamField):
            messages = ["有一段文字沒有內容，請填寫或刪除這個區塊。"]
        found += [Fault(field, message) for message in messages]
    return found


def _written(page: Page) -> Iterator[tuple[str, str | TypedTable]]:
    """Rich texts and tables of the page with the names of their fields."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField):
            yield field.name, getattr(page, field.name) or ""
        elif isinstance(field, StreamField):
            yield from ((field.name, part) for part in _parts(getattr(page, field.name)))


def _parts(value: Any) -> Iterator[str | TypedTable]:
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, TypedTable):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, ListValue):
        for inner in value:
            yield from _parts(inner)
    elif isinstance(value, StreamValue):
        for block in value:
            yield from _parts(block.value)


def _of_headings(soup: BeautifulSoup, level: int) -> tuple[list[str], int]:
    """The faults, and the level of the last heading: the next part goes on from it."""
    messages = []
    for heading in soup.find_all(_HEADING):
        words, here = _words(heading), int(heading.name[1])
        if not words:
            messages.append("有一個標題沒有文字，請刪除或填寫。")
        elif here > level + 1:
            messages.append(f"標題「{words}」跳過了一層：前面沒有第 {here - 1} 層標題。")
        level = here
    return messages, level


def _of_links(soup: BeautifulSoup) -> list[str]:
    messages = []
    for link in soup.find_all("a"):
        words = _words(link)
        if not words:
            messages.append("有一個連結沒有文字，請刪除或填寫。")
        elif words.casefold().strip("。.…>»→ ") in VAGUE:
            messages.append(f"連結文字「{words}」看不出會到哪裡，請寫出目的地的名稱。")
        elif _ADDRESS.fullmatch(words):
            messages.append(f"連結文字「{words}」是網址，請改寫成目的地的名稱。")
    return messages


def _of_table(table: TypedTable) -> list[str]:
    columns: Sequence[Mapping[str, Any]] = table.columns
    if not columns or not any(str(cell.value or "").strip() for row in table.rows for cell in row):
        return ["有一個表格沒有內容，請填寫或刪除這個區塊。"]
    return ["表格有一欄沒有欄名，請填寫。"] if any(not str(column["heading"]).strip() for column in columns) else []


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
