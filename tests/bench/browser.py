"""A small browser without JavaScript: cookies, links, forms. It measures every request it makes.

It runs beside the server that it measures, so it reads pages with lxml: what it takes itself is missing there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

import lxml.html
import requests
from lxml.html import HtmlElement

Typed = Mapping[str, str | list[str]]  # a list is what several ticked boxes of one name send
Files = Mapping[str, tuple[str, bytes, str]]


class BrowserError(Exception):
    """The page was not what a person on this road would have met."""


@dataclass(frozen=True)
class Sample:
    """One request: the step it belongs to, seconds until the last byte, queries the page made (None when not notified)."""

    step: str
    seconds: float
    queries: int | None


@dataclass
class Page:
    """One answer: its address, bytes, and what stands in it."""

    url: str
    status: int
    body: bytes

    @cached_property
    def tree(self) -> HtmlElement:
        return lxml.html.document_fromstring(self.body or b"<html></html>", parser=lxml.html.HTMLParser(encoding="utf-8"))

    @cached_property
    def text(self) -> str:
        return _text(self.tree)

    def values(self, name: str) -> list[str]:
        """What the inputs of that name say."""
        return [each.get("value", "") for each in self.tree.iter("input") if each.get("name") == name]

    def link(self, *, text: str = "", contains: str = "") -> str:
        """The address behind the first link with that text, or whose address contains `contains`."""
        for a in self.tree.iter("a"):
            address = a.get("href", "")
            if address and ((text and text in a.text_content()) or (contains and contains in address)):
                return urljoin(self.url, address)
        raise BrowserError(f"no link {text or contains!r} on {self.url}: {self.text[:400]}")

    def form(self, button: str, *, by_value: bool = False) -> tuple[HtmlElement, HtmlElement]:
        """The form that holds the button of that text (or that sends that value), and the button."""
        for found in self.tree.iter("button"):
            owner = next(found.iterancestors("form"), None)
            is_meant = found.get("value") == button if by_value else button in _text(found)
            if is_meant and owner is not None and found.get("type") != "button":
                return owner, found
        raise BrowserError(f"no button {button!r} on {self.url}: {self.text[:400]}")


def _text(element: HtmlElement) -> str:
    """What stands in it to be read."""
    texts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return " ".join(text.strip() for text in texts if text.strip())


def _value(control: HtmlElement) -> str | None:
    """What a browser would send for this control as it stands; None when it sends nothing."""
    kind = control.get("type", "text")
    if control.tag == "textarea":
        return str(control.text_content())
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = next((each for each in options if each.get("selected") is not None), options[0] if options else None)
        return None if chosen is None else chosen.get("value", "")
    if kind in {"submit", "button", "file", "image", "reset"} or (
        kind in {"checkbox", "radio"} and control.get("checked") is None
    ):
        return None
    return control.get("value", "on" if kind in {"checkbox", "radio"} else "")


class Browser:
    """One person's browser."""

    def __init__(self, base_url: str, *, on_sample: Callable[[Sample], None]) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.on_sample = on_sample
        self.page = Page(base_url, 0, b"")

    def open(self, url: str, *, step: str) -> Page:
        """Follow an address."""
        return self._request("GET", urljoin(self.page.url, url), step=step)

    def press(
        self,
        button: str,
        *,
        step: str,
        by_value: bool = False,
        files: Files | None = None,
        typed: Typed | None = None,
    ) -> Page:
        """Fill the form that holds the button with `typed` over what it shows, and press it."""
        form, pressed = self.page.form(button, by_value=by_value)
        data: dict[str, str | list[str]] = {}
        for control in form.iter("input", "select", "textarea"):
            name, value = control.get("name"), _value(control)
            if name and value is not None:
                data[name] = value
        data.update(typed or {})
        if name := pressed.get("name"):
            data[name] = pressed.get("value", "")
        action = urljoin(self.page.url, pressed.get("formaction") or form.get("action") or self.page.url)
        return self._request(form.get("method", "get").upper(), action, step=step, data=data, files=files)

    def _request(self, method: str, url: str, *, step: str, data: Typed | None = None, files: Files | None = None) -> Page:
        body = {"params": data} if method == "GET" else {"data": data, "files": files}
        started = time.perf_counter()
        answer = self.session.request(method, url, headers={"Referer": self.page.url}, timeout=120, **body)  # type: ignore[arg-type]
        queries = answer.headers.get("X-Query-Count")
        self.on_sample(Sample(step, time.perf_counter() - started, int(queries) if queries else None))
        self.page = Page(answer.url, answer.status_code, answer.content)
        if answer.status_code >= 400:
            raise BrowserError(f"{method} {url} answered {answer.status_code} at {step!r}: {self.page.text[:400]}")
        return self.page
