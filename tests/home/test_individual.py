"""What stands around every page of a logged-in student."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.cases import kinds
from tests import people


@pytest.fixture
def text(owner_client: Client) -> str:
    """待辦事項 of 王小明."""
    return owner_client.get(reverse("my_cases:todo", args=["china-student"])).content.decode()


def test_the_head_names_the_student_and_logs_out_by_post(text: str) -> None:
    assert '<span class="account-name" translate="no">王小明</span>' in text
    form = text.split('<form method="post" action="/china-student/individual/logout/">')[1].split("</form>")[0]
    assert '<button class="account-logout">登出</button>' in form


def test_the_menu_is_the_manuals_and_works_without_scripts(text: str) -> None:
    menu = text.split('<nav class="menu" aria-label="主要功能">')[1].split("</nav>")[0]
    links = [
        '<a href="/china-student/individual/todo/" aria-current="page">待辦事項</a>',
        "<summary>線上申辦</summary>",
        '<a href="/china-student/individual/apply/multiple-entry/">陸生換發多次證申請</a>',
        '<a href="/china-student/individual/payments/">線上繳費</a>',
        "<summary>下載專區</summary>",
        '<a href="/china-student/individual/downloads/permits/">許可證下載</a>',
        '<a href="/china-student/individual/downloads/receipts/">收據下載</a>',
        "<summary>帳號維護</summary>",
        '<a href="/china-student/individual/account/password/">密碼修改</a>',
        '<a href="/china-student/individual/account/profile/">基本資料維護</a>',
        '<a href="/china-student/individual/account/sessions/">登入中的裝置</a>',
    ]
    places = [menu.index(link) for link in links]
    assert places == sorted(places)


@pytest.mark.usefixtures("seeded")
def test_every_link_of_the_menu_opens(text: str, owner_client: Client) -> None:
    menu = text.split('<nav class="menu"')[1].split("</nav>")[0]
    addresses = [part.split('"')[0] for part in menu.split('href="')[1:]]
    assert len(addresses) == 10 + len(list(kinds.of_category(people.CATEGORY)))
    assert {address: owner_client.get(address, follow=True).status_code for address in addresses} == dict.fromkeys(addresses, 200)
