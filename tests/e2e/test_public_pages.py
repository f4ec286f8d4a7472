"""Every public page by keyboard, on a small screen, at 200 % zoom, on paper, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.papers import text as text_of

from .public import COMPONENTS, FAILURES, LANGUAGES, addresses, show_failure

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE, *_OTHERS = LANGUAGES
CATEGORY = "/student/entry/china-student/"
SKIP = {"zh-hant": "跳到主要內容", "en": "Skip to main content", "zh-hans": "跳到主要内容"}


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(scripts=True).new_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_tab_lands_on_the_skip_link_and_the_keys_are_there(site: str, page: Page, language: str) -> None:
    for address in addresses(language):
        page.goto(site + address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == SKIP[language], address
        expect(page.locator(".skip-link")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content", address
        keys = page.eval_on_selector_all("[accesskey]", "all => all.map((one) => one.accessKey + one.textContent)")
        assert keys == ["U:::", "C:::", "Z:::"], address


def test_pages_of_failures_have_the_keys_too(site: str, page: Page) -> None:
    for status in FAILURES:
        show_failure(page, site, status, SOURCE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == SKIP[SOURCE]
        assert page.eval_on_selector_all("[accesskey]", "all => all.map((one) => one.accessKey)") == ["U", "C", "Z"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 640])  # 640 px: a screen of 1280 at 200 % zoom
def test_nothing_scrolls_sideways(site: str, page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wide = []
    for address in addresses(language):
        page.goto(site + address)
        wide += [f"{address} {width} px: {line}" for line in page.evaluate(TOO_WIDE)]
    assert wide == []


# What reaches past the right edge; a box that scrolls inside itself, or cuts off, keeps its contents.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > edge + 1)
    .map((one) => `${one.tagName}.${one.className} ends at ${Math.round(one.getBoundingClientRect().right)}`);
}"""


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
        stops = walk_by_tab(page)
        assert [stop["name"] for stop in stops if not stop["seen"]] == [], address
        assert len(stops) >= page.locator("a[href]:visible, button:visible").count(), address


def walk_by_tab(page: Page) -> list[dict]:
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
            # Of the ways to answer the 驗證碼, one is a script's own work and one stands in for it.
            page.locator(".captcha-proof, .captcha-second").evaluate_all("parts => parts.forEach((part) => part.remove())")
            words.append(page.locator("body").inner_text())
        assert words[0] == words[1], address


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
