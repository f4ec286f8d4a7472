"""The policy of the admin, in a browser: every screen and what editors do there, without one violation of it."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from playwright.sync_api import BrowserContext, Page

from tests.architecture.admin_world import World, build, client_of
from tests.architecture.test_access import Address, walk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning"),
]
# Kept across pages, for the last moments of one are the first of the next.
LISTEN = """document.addEventListener("securitypolicyviolation",
    (event) => console.error("VIOLATION", event.effectiveDirective, event.blockedURI, event.sample, event.sourceFile + ":" + event.lineNumber))"""


@pytest.fixture
def world(site: str) -> World:
    return build()


class Watched:
    """A browser of one role, and what its policy had to stop."""

    def __init__(self, site: str, context: BrowserContext, client: Client) -> None:
        self.site, self.violations = site, []
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        context.add_init_script(LISTEN)
        self.page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.violations.append(f"{self.page.url}: {error}"))

    def _listen(self, message) -> None:
        if "VIOLATION" in message.text or "Content Security Policy" in message.text:
            self.violations.append(f"{self.page.url}: {message.text}")


def test_crawl(site: str, world: World, new_context: Callable[..., BrowserContext]) -> None:
    import time
    client = client_of("administrator")
    watched = Watched(site, new_context(scripts=True), client)
    n = 0
    t = time.time()
    for address in walk(get_resolver().url_patterns):
        if not address.route.startswith("admin/") or "logout" in address.name: continue
        path = world.fill(address.name, address.route)
        watched.page.on("dialog", lambda d: d.accept()) if n == 0 else None
        try:
            r = client.get(path, headers={"accept": "text/html"})
        except Exception as e:
            print(path, repr(e)[:200]); continue
        if r.status_code != 200 or not r.headers["Content-Type"].startswith("text/html"):
            continue
        n += 1
        watched.page.goto(site + path)
    print(n, time.time() - t)
    print("\n".join(sorted(set(watched.violations))))
    open("/tmp/fd-violations.txt","w").write("\n".join(sorted(set(watched.violations))))
