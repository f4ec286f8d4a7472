"""No page in English or 简体中文 shows 正體中文 without saying so: what a page's language cannot read aloud has a `lang`.

A new page is in it with its row in the access table.
"""

from collections.abc import Iterator

import pytest
import time_machine
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from django.test import Client

from .access_table import ACCESS, PUBLIC, STUDENT
from .admin_world import client_of, undone
from .test_access import MONTH_LATER, Address, addresses, pages_at_work
from .test_seed_content import foreign
from .test_words import FULL_WIDTH, HAN

# What editors added and did not translate: an attribute cannot mark a part of itself.
UNTRANSLATED = "監護人同意書"
# In names of districts, written alike in both, and not in GB 2312.
PLACES = frozenset("莿萣崁坵")
HEARD = ("title", "alt", "placeholder", "aria-label", "content")


def texts(soup: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    """What a reader sees or hears, each with its element."""
    for node in soup.descendants:
        if isinstance(node, Tag):
            said = ((node, value) for name, value in node.attrs.items() if name in HEARD and isinstance(value, str))
            yield from ((tag, value.replace(UNTRANSLATED, "")) for tag, value in said)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString) and isinstance(node.parent, Tag):
            yield node.parent, str(node)


def is_marked(tag: Tag) -> bool:
    """Whether it is in another language than the page, or a name in any."""
    holders = [each for each in (tag, *tag.parents) if each.name != "html"]
    return any(each.get("lang") or each.get("translate") == "no" for each in holders)


def unmarked(html: str, language: str) -> list[str]:
    soup = BeautifulSoup(html, "lxml")
    for tag in soup(["script", "style"]):
        tag.decompose()
    return [text.strip() for tag, text in texts(soup) if is_foreign(text, language) and not is_marked(tag)]


def is_foreign(text: str, language: str) -> bool:
    if language == "en":
        return bool(HAN.search(text) or FULL_WIDTH.search(text))
    return bool(set(HAN.findall("".join(foreign(text, language)))) - PLACES)


def paths_of(address: Address, path: str, returned: str) -> list[str]:
    """The page, and that of a case which was returned."""
    return (
        [path, path.replace(path.split("/")[4], returned)] if address.name in {"my_cases:case", "my_cases:correction"} else [path]
    )


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_shows_another_language_without_saying_so(db: None, language: str) -> None:
    found, seen = {}, set()
    with time_machine.travel(MONTH_LATER, tick=False):
        path_of, student = pages_at_work(), client_of("student")
        returned = path_of(next(each for each in addresses() if each.name == "my_cases:deadline")).split("/")[4]
        for address in (each for each in addresses() if ACCESS.get(each.name) in {STUDENT, PUBLIC}):
            client = student if ACCESS[address.name] == STUDENT else Client()
            for path in paths_of(address, path_of(address), returned):
                response = undone(client, client.get, f"/{language}{path}")
                if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                    seen.add(address.name)
                    if odd := unmarked(response.content.decode(), language):  # type: ignore[attr-defined]
                        found[path] = odd
    assert found == {}
    assert {"my_cases:todo", "my_cases:correction", "my_cases:case", "accounts:profile", "payments:bill"} <= seen


@pytest.mark.parametrize(
    ("html", "language", "odd"),
    [
        ("<p>Opinion: 照片</p>", "en", ["Opinion: 照片"]),
        ('<p>Opinion: <b lang="zh-Hant-TW">照片</b></p>', "en", []),
        ('<p translate="no">王小明</p>', "en", []),
        ('<img alt="照片">', "en", ["照片"]),
        ("<p>One：two</p>", "en", ["One：two"]),
        ("<p>审核意见：请重拍</p>", "zh-hans", []),
        ("<p>审核意见：請重拍</p>", "zh-hans", ["审核意见：請重拍"]),
    ],
)
def test_the_check_sees_what_is_unmarked(html: str, language: str, odd: list[str]) -> None:
    assert unmarked(f'<html lang="x"><body>{html}</body></html>', language) == odd
