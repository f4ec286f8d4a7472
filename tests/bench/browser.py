"""A small browser without JavaScript: cookies, links, forms. It measures every request it makes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

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
    """One answer: its address, bytes, and the text parsed when asked for."""

    url: str
    status: int
    body: bytes
    _soup: BeautifulSoup | None = field(default=None, repr=False)

    @property
    def soup(self) -> BeautifulSoup:
        if self._soup is None:
            self._soup = BeautifulSoup(self.body, "html.parser")
        return self._soup

    @property
    def text(self) -> str:
        return self.soup.get_text(" ", strip=True)

    def link(self, *, text: str = "", contains: str = "") -> str:
        """The address behind the first link with that text, or whose address contains `contains`."""
        for a in self.soup.find_all("a", href=True):
            if (text and text in a.get_text()) or (contains and contains in str(a["href"])):
                return urljoin(self.url, str(a["href"]))
        raise BrowserError(f"no link {text or contains!r} on {self.url}: {self.text[:400]}")

    def form(self, button: str, *, by_value: bool = False) -> tuple[Tag, Tag]:
        """The form that holds the button of that text (or that sends that value), and the button."""
        for found in self.soup.find_all("button"):
            owner = found.find_parent("form")
            is_meant = found.get("value") == button if by_value else button in found.get_text(strip=True)
            if is_meant and owner is not None and found.get("type") != "button":
                return owner, found
        raise BrowserError(f"no button {button!r} on {self.url}: {self.text[:400]}")


def _value(control: Tag) -> str | None:
    """What a browser would send for this control as it stands; None when it sends nothing."""
    kind = str(control.get("type", "text"))
    if control.name == "textarea":
        return control.get_text()
    if control.name == "select":
        chosen = control.find("option", selected=True) or control.find("option")
        return str(chosen.get("value", "")) if isinstance(chosen, Tag) else None
    if kind in {"submit", "button", "file", "image", "reset"} or (
        kind in {"checkbox", "radio"} and not control.has_attr("checked")
    ):
        return None
    return str(control.get("value", "on" if kind in {"checkbox", "radio"} else ""))


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
        for control in form.find_all(["input", "select", "textarea"]):
            name = control.get("name")
            value = _value(control)
            if name and value is not None:
                data[str(name)] = value
        data.update(typed or {})
        if name := pressed.get("name"):
            data[str(name)] = str(pressed.get("value", ""))
        action = urljoin(self.page.url, str(pressed.get("formaction") or form.get("action") or self.page.url))
        return self._request(str(form.get("method", "get")).upper(), action, step=step, data=data, files=files)

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
