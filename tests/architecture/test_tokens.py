"""Each form that is sent brings a token: the tests' own client asks for none, so a page without one would work here only.

The pages of the admin are gone through in test_admin_access.py.
"""

import re

import pytest
import time_machine
from django.test import Client

from .access_table import ACCESS, DEMO, PUBLIC, STUDENT
from .admin_world import client_of
from .test_access import MONTH_LATER, Address, addresses, pages_at_work
from .test_room_for_files import files_without_room

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
# To another site, which has no use for ours; and Wagtail's that its script sends, with the token in a header.
ELSEWHERE = re.compile(r'action="https?://|class="w-editing-sessions"')


def forms_without_token(html: str) -> list[str]:
    """How the forms begin that are posted to the portal without one."""
    found = [(start, inside) for start, inside in FORM.findall(html) if 'method="post"' in start.lower()]
    ours = [(start, inside) for start, inside in found if not ELSEWHERE.search(start)]
    return [start for start, inside in ours if not re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', inside)]


def test_what_a_form_without_token_is() -> None:
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{"x" * 64}">'
    assert forms_without_token(f'<form method="post">{token}</form><form method="get"></form>') == []
    assert forms_without_token(f'<form class="a" method="post" action="/x/"></form><form method="post">{token}</form>')
    assert forms_without_token('<form method="POST"><input name="csrfmiddlewaretoken" value=""></form>')
    assert forms_without_token('<form method="post" action="https://bank.test/"></form>') == []


@pytest.mark.parametrize(("role", "least"), [("visitor", 12), ("student", 20)])
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning")
def test_each_form_of_the_site_brings_a_token_and_has_room_for_its_files(db: None, role: str, least: int) -> None:
    with time_machine.travel(MONTH_LATER, tick=False):
        path_of, client = pages_at_work(), client_of(role)
        asked = {PUBLIC, DEMO} if role == "visitor" else {PUBLIC, STUDENT}
        paths = {a.name: path_of(a) for a in addresses() if ACCESS.get(a.name) in asked and _is_page(a)}
        pages = {name: (path, _html(client, path)) for name, path in paths.items()}
    assert {name: forms for name, (path, html) in pages.items() if (forms := forms_without_token(html))} == {}
    sent = [(path, html) for name, (path, html) in pages.items() if ACCESS[name] != DEMO]  # what is shown there is not sent
    assert [place for path, html in sent for place in files_without_room(html, path)] == []
    assert sum(html.count('method="post"') for path, html in pages.values()) >= least


def _is_page(address: Address) -> bool:
    return address.name not in {"accounts:logout", "media", "wagtail_serve"}


def _html(client: Client, path: str) -> str:
    answer = client.get(path)
    is_page = "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming
    return answer.content.decode() if is_page else ""
