"""axe finds no fault in pages of failures and in forms sent back, on a phone and on a desk, by day and by night; nor does it in
any public page (test_public_pages.py)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from .axe import expect_no_fault, faults, faults_in_every_light
from .public import FAILURES, LANGUAGES, show_failure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(scripts=True).new_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_failure_has_a_fault(site: str, page: Page, language: str) -> None:
    found = []
    for status in FAILURES:
        show_failure(page, site, status, language)
        found += [f"{status} {line}" for line in faults_in_every_light(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page_name", ["login", "register"])
def test_a_form_sent_back_has_no_fault(site: str, page: Page, page_name: str) -> None:
    page.goto(f"{site}/china-student/individual/{page_name}/")
    page.locator("main form[method=post] button:not([type=button])").first.click()
    page.wait_for_selector(".error-summary")
    expect_no_fault(page, page_name)


def test_a_fault_is_found_and_named(page: Page) -> None:
    words = '<h1>標題</h1><p style="color:#999">淡色的字</p><img src="data:,">'
    page.set_content(f'<html lang="zh-Hant-TW"><title>標題</title><main>{words}</main>')
    assert [line.split(":")[0] for line in faults(page)] == ["color-contrast at p", "image-alt at img"]
