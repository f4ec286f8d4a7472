"""axe-core on a page as Chromium shows it, closed parts opened. No rule is switched off; one that ships switched off is on."""

import os
from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
WIDTHS = (320, 1280)
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}  # target-size: WCAG 2.2 AA
# What may come out otherwise by night: test_design.py sees that our sheets change nothing but colours then.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
RUN = """async (options) => {
  for (const box of document.querySelectorAll("details:not([name])")) box.open = true;
  return (await axe.run(options)).violations;
}"""


def faults(page: Page, *rules: str) -> list[str]:
    """One line for each element at fault: the rule, the element, and what to do. Of all rules, or of these."""
    if page.evaluate("typeof axe") == "undefined":  # once a page: it is half a megabyte
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, {**OPTIONS, "runOnly": rules} if rules else OPTIONS)
    return [_line(rule, node) for rule in found for node in rule["nodes"]]


def faults_in_every_light(page: Page, by_night: Sequence[str] = COLOUR_RULES) -> list[str]:
    """The faults at both widths, by day and, of those rules, by night; the page is left by day, as wide as it was."""
    lines, before = [], page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("dark", by_night), ("light", ())):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour on its way is nobody's fault
            lines += [f"{width} px {scheme}: {line}" for line in faults(page, *rules)]
    page.set_viewport_size(before)
    return lines


def expect_no_fault(page: Page, name: str, by_night: Sequence[str] = COLOUR_RULES) -> None:
    """The page is sound at both widths, by night and by day; if not, the list says what is wrong where."""
    lines = faults_in_every_light(page, by_night)
    assert not lines, "\n".join([name, *lines])


def look(page: Page, name: str, *, scripts: bool) -> None:
    """No fault in this state of the page; axe needs scripts."""
    if scripts:
        expect_no_fault(page, name)
    if SCREENSHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{'script' if scripts else 'plain'}.png", full_page=True)


def _line(rule: dict, node: dict) -> str:
    target = " ".join(str(part) for part in node["target"])
    return f"{rule['id']} at {target}: {node['failureSummary']}"
