"""axe-core on a page as Chromium shows it, closed parts opened. No rule is switched off; one that ships switched off is on."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (320, 1280)
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}  # target-size: WCAG 2.2 AA


def faults(page: Page) -> list[str]:
    """One line for each element at fault: the rule, the element, and what to do."""
    page.evaluate("for (const box of document.querySelectorAll('details:not([name])')) box.open = true")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [_line(rule, node) for rule in found for node in rule["nodes"]]


def faults_in_every_light(page: Page) -> list[str]:
    """The faults at both widths, by night and by day; the page is left by day, as wide as it was."""
    lines, before = [], page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour on its way is nobody's fault
            lines += [f"{width} px {scheme}: {line}" for line in faults(page)]
    page.set_viewport_size(before)
    return lines


def expect_no_fault(page: Page, name: str) -> None:
    """The page is sound at both widths, by night and by day; if not, the list says what is wrong where."""
    lines = faults_in_every_light(page)
    assert not lines, "\n".join([name, *lines])


def _line(rule: dict, node: dict) -> str:
    target = " ".join(str(part) for part in node["target"])
    return f"{rule['id']} at {target}: {node['failureSummary']}"
