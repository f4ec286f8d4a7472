"""Every public page: to axe, by keyboard, on a small screen, at 200 % zoom, on paper, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.papers import text as text_of

from .axe import faults_in_every_light
from .public import COMPONENTS, FAILURES, LANGUAGES, addresses, show_failure

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE, *_OTHERS = LANGUAGES
CATEGORY = "/student/entry/china-student/"
SKIP = {"zh-hant": "跳到主要內容", "en": "Skip to main content", "zh-hans": "跳到主要内容"}


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(scripts=True).new_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound(site: str, page: Page, language: str) -> None:
    """By keyboard, on narrow screens, and to axe in every light; each page is opened once for all of it."""
    found: list[str] = []
    for address in addresses(language):
        page.goto(site + address)
        lines = [*too_wide(page), *without_keys(page, language), *faults_in_every_light(page)]
        found += [f"{address} {line}" for line in lines]
    assert not found, "\n".join(found)


def without_keys(page: Page, language: str) -> list[str]:
    """The first Tab lands on the skip link, which leads to the content; and the access keys are there."""
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    then = page.evaluate("document.activeElement.id")
    page.evaluate("document.activeElement.blur()")
    keys = page.eval_on_selector_all("[accesskey]", "all => all.map((one) => one.accessKey + one.textContent)")
    found = (first, then, keys)
    return [] if found == (SKIP[language], "content", ["U:::", "C:::", "Z:::"]) else [f"by keyboard: {found}"]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; the page is left as wide as it was."""
    lines, before = [], page.viewport_size
    for width in (320, 640):  # 640 px: a screen of 1280 at 200 % zoom
        page.set_viewport_size({"width": width, "height": 900})
        lines += [f"{width} px: {line}" for line in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(before)
    return lines


# What reaches past the right edge; a box that scrolls inside itself, or cuts off, keeps its contents.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > edge + 1)
    .map((one) => `${one.tagName}.${one.className} ends at ${Math.round(one.getBoundingClientRect().right)}`);
}"""


def test_pages_of_failures_have_the_keys_too(site: str, page: Page) -> None:
    for status in FAILURES:
        show_failure(page, site, status, SOURCE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == SKIP[SOURCE]
        assert page.eval_on_selector_all("[accesskey]", "all => all.map((one) => one.accessKey)") == ["U", "C", "Z"]


# Tab from the top until the focus has left the page again; the names of those that nobody could see it on.
OUTLINE = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 1 && box.height > 1;
  const on_screen = box.bottom > 0 && box.top < innerHeight;
  return {name: `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 20)}`, seen: seen && on_screen};
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_wherever_the_keyboard_goes(site: str, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for address in ("/", CATEGORY, "/china-student/individual/login/", f"/{COMPONENTS}"):
        page.goto(site + address)
        stops = go_by_tab(page)
        assert [stop["name"] for stop in stops if not stop["seen"]] == [], address
        assert len(stops) >= page.locator("a[href]:visible, button:visible").count(), address


def go_by_tab(page: Page) -> list[dict]:
    stops = []
    for _press in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(OUTLINE)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError("the focus is caught in a circle")


def test_without_javascript_every_page_says_the_same(site: str, new_context: Callable[..., BrowserContext]) -> None:
    script, plain = new_context(scripts=True).new_page(), new_context(scripts=False).new_page()
    for address in addresses(SOURCE):
        words = []
        for page in (script, plain):
            page.goto(site + address)
            # Of the ways to answer the 驗證碼, one is a script's own work and one stands in for it; so are the search in a list
            # and 顯示密碼.
            page.locator(".captcha-proof, .captcha-second, .list-search, .show-password").evaluate_all(
                "parts => parts.forEach((part) => part.remove())"
            )
            words.append(page.locator("body").inner_text())
        assert words[0] == words[1], address


def test_a_password_may_be_looked_at_and_is_sent_as_one(site: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(scripts=True).new_page()
    page.goto(f"{site}/china-student/individual/register/")
    boxes, buttons = page.locator("[autocomplete=new-password]"), page.locator(".show-password")
    expect(buttons).to_have_count(boxes.count())
    boxes.first.fill("a sentence of mine 1")
    buttons.first.click()
    expect(boxes.first).to_have_attribute("type", "text")
    expect(buttons.first).to_have_text("隱藏密碼")
    expect(boxes.last).to_have_attribute("type", "password")  # each for itself
    page.evaluate("addEventListener('submit', (event) => { event.preventDefault(); });")
    page.locator("form .actions button:not([name])").first.click()
    expect(boxes.first).to_have_attribute("type", "password")
    expect(buttons.first).to_have_text("顯示密碼")
    expect(boxes.first).to_have_value("a sentence of mine 1")


def test_without_javascript_an_answer_opens_and_a_link_leads_on(site: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(scripts=False).new_page()
    page.goto(f"{site}/student/entry/")
    page.get_by_role("link", name="大陸學生").click()
    answer = page.locator(".faq p").first
    expect(answer).to_be_hidden()
    page.locator(".faq summary").first.click()
    expect(answer).to_be_visible()
    page.get_by_role("link", name="我要申請").first.click()
    expect(page.get_by_role("button", name="登入")).to_be_visible()


def test_paper_carries_every_answer_and_no_button(site: str, page: Page) -> None:
    page.goto(site + CATEGORY)
    questions = page.locator(".faq summary").all_inner_texts()
    answers = page.eval_on_selector_all(".faq :is(p, li)", "all => all.map((one) => one.textContent)")
    paper = "".join(text_of(page.pdf(format="A4")).split())
    assert len(answers) >= len(questions) > 3
    for words in ["申請資格", "(02)2796-7162", *questions, *answers]:
        assert "".join(words.split()) in paper
    for words in ["跳到主要內容", "我要申請", "English", "示範系統", "本頁內容", ":::"]:
        assert words not in paper
