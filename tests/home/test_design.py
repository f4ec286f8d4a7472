"""The design system: its page shows every component; no rule dresses nothing, no class goes undressed."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.cases.states import PUBLIC_LABELS

ROOT: Path = settings.ROOT
SHEET = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", (ROOT / "static/portal/portal.css").read_text(), flags=re.S)
DRESSED = set(re.findall(r"\.([a-z][\w-]*)", "".join(re.findall(r"([^{}]*)\{", SHEET))))
# Papers, emails, the bank and the admin have sheets of their own.
ELSEWHERE = {"review", "sandbank", "mail", "wagtailadmin", "staff", "office_calendar", "overview", "cashier", "clerks"}
PAPERS = {
    *("application_copy.html", "permit_base.html", "receipt.html", "permit.html", "render_error.html", "slip.html"),
    *("permit_extended.html", "permit_corrected.html", "proof.html", "foot.html"),
}

# What no component page can show: the frame of a logged-in student, whole pages, and what a script writes.
ONLY_ELSEWHERE = {
    *("account", "account-logout", "account-name", "fold", "edit-page", "menu", "menu-here", "menu-list"),
    *("main", "split", "section-tint", "prose", "picture", "sitemap", "untranslated", "error-code"),
    *("change", "draft-saved", "error", "label"),
    # The form of an application: its blocks, and what its scripts write.
    *("block", "block-fields", "block-map", "block-state", "current-label", "current-value", "inline", "save-state"),
    *("crop", "is-going", "is-target", "remark", "upload-note"),
    *("typed", "typed-text", "show-password"),
    *("dialog", "session-frame", "session-page", "session-page-ending", "session-time"),
}


def words_of_classes() -> dict[str, set[str]]:
    """Each class that a template writes out, and where."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if ELSEWHERE & set(path.relative_to(ROOT / "templates").parts) or path.name in PAPERS:
            continue
        text = re.sub(r"{{.*?}}", "\0", re.sub(r"{%.*?%}", " ", path.read_text()))
        for value in re.findall(r'class="([^"]*)"', text):
            for word in value.split():
                if "\0" not in word:  # a class put together is looked for from the other side
                    found.setdefault(word, set()).add(path.name)
    return found


def test_no_rule_dresses_nothing() -> None:
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "portal").rglob("*.py"), *(ROOT / "static/portal/js").glob("*.js")]
    text = "\n".join(path.read_text() for path in sources)
    # Put together: `tag-{}` of a state, `notice-{{ level }}`.
    unused = {name for name in DRESSED if not re.search(rf"(?<![\w-]){name}(?![\w-])", text)}
    unused = {name for name in unused if not name.startswith(("tag-", "notice-"))}
    assert unused == set()


def test_only_what_has_a_name_leaves_its_place() -> None:
    """A bare paragraph meant to stand somewhere else takes along every other paragraph in that place."""
    moved = [selector.strip() for selector, said in re.findall(r"([^{}]*)\{([^{}]*)\}", SHEET) if "position: absolute" in said]
    assert len(moved) > 10
    assert [each for selector in moved for each in selector.split(",") if re.search(r"[ +~>](p|div|dl|h\d)$", each)] == []


def test_by_night_only_colours_change() -> None:
    """So axe asks only the rules of colours once more then (tests/e2e/axe.py)."""
    for sheet in sorted((ROOT / "static/portal").glob("*.css")):
        for block in sheet.read_text().split("prefers-color-scheme")[1:]:
            night = re.match(r": dark\) \{\s*:root \{([^{}]*)\}\s*\}", block)
            assert night, sheet.name
            values = dict(re.findall(r"(\S+): ([^;]*);", night[1]))
            assert len(values) == night[1].count(";") > (20 if sheet.name == "portal.css" else 0)
            assert values.pop("--shadow", "none") == "none"
            assert [
                name for name, value in values.items() if not (name[:2] == "--" and re.fullmatch("#[0-9a-f]{6}", value))
            ] == []


def test_no_class_goes_undressed() -> None:
    # What only groups, and the level that every notice has from the start.
    hooks = {"contact", "declaration", "notice-info"}
    assert {word: places for word, places in words_of_classes().items() if word not in DRESSED | hooks} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/", "/en/", "/zh-hans/"])
def test_the_page_shows_every_component_in_every_state(client: Client, prefix: str) -> None:
    text = client.get(f"{prefix}demo/components/").content.decode()
    for level in ("info", "success", "warning", "danger"):
        assert f'<article class="notice notice-{level}">' in text
    for button in ("button ", "button button-secondary", "button button-danger", "button button-small"):
        assert f'class="{button}' in text
    for sort in ("text", "password", "email", "tel", "date", "number", "radio", "checkbox", "file"):
        assert f'<input type="{sort}"' in text
    for name in ("empty", "filled", "wrong"):
        assert f'id="{name}_line"' in text
    shown = {word for value in re.findall(r'class="([^"]*)"', text) for word in value.split()}
    assert DRESSED - shown <= ONLY_ELSEWHERE, DRESSED - shown - ONLY_ELSEWHERE
    assert text.count('<span class="tag tag-') == len(PUBLIC_LABELS)


@pytest.mark.django_db
def test_the_example_of_a_faulty_form_takes_no_focus(client: Client) -> None:
    text = client.get("/demo/components/").content.decode()
    assert text.count('<div class="error-summary" aria-labelledby="error-summary-title">') == 1
    assert "autofocus" not in text
    assert "<title>介面元件｜學生線上申辦系統</title>" in text


@pytest.mark.django_db
def test_the_page_is_for_demonstrations_only(client: Client, settings: Settings) -> None:
    address = reverse("demo:components")
    settings.DEMO = False
    assert client.get(address).status_code == 404
