"""單一入口形象頁: a card for each category that has a page."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.china_student.models import ChinaStudentPage
from portal.student_entry.models import StudentEntryPage
from tests.pages import source

pytestmark = pytest.mark.usefixtures("seeded")


def test_a_card_leads_to_the_categorys_page(client: Client) -> None:
    text = client.get("/student/entry/").content.decode()
    assert "<h1>學生自行申請線上申辦系統</h1>" in text
    assert '<h3><a href="/student/entry/china-student/">大陸學生</a></h3>' in text
    assert "<p>換發多次證、多次證延期、資料異動申請</p>" in text


def test_who_comes_back_is_one_click_from_the_log_in_of_what_is_open(client: Client) -> None:
    text = client.get("/en/student/entry/").content.decode()
    assert text.count('class="card-log-in"') == 1
    assert '<p class="card-log-in"><a href="/en/china-student/individual/login/">' in text


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/student/entry/", "學生線上申辦系統"),
        ("/student/entry/china-student/", "陸生自行申請線上申辦系統"),
        ("/china-student/individual/login/", "陸生自行申請線上申辦系統"),
    ],
)
def test_the_head_of_a_page_has_the_long_name_of_its_system(client: Client, address: str, name: str) -> None:
    assert f'<span class="brand-system">{name}</span>' in client.get(address).content.decode()


def test_a_category_without_a_published_page_opens_soon_if_the_editor_wants(client: Client) -> None:
    source(ChinaStudentPage).unpublish()
    text = client.get("/student/entry/").content.decode()
    assert '<h3>大陸學生</h3>\n  \n  <p><span class="tag">即將開放</span></p>' in text
    entry = source(StudentEntryPage)
    entry.show_upcoming = False
    entry.save_revision().publish()
    assert "大陸學生" not in client.get("/student/entry/").content.decode()
    assert client.get("/student/entry/china-student/").status_code == 404


def test_notices_and_the_way_to_a_permit_are_said(client: Client) -> None:
    text = client.get("/student/entry/").content.decode()
    assert '<h2 id="notices">公告</h2>' in text
    assert "第一次使用本系統，請先註冊帳號" in text
    steps = ["註冊帳號", "線上申辦", "審核", "線上繳費", "下載"]
    places = [text.index(f"<li><h3>{step}</h3>") for step in steps]
    assert places == sorted(places)


def test_the_entry_page_asks_little_of_the_database(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/student/entry/")
    with django_assert_max_num_queries(13):  # one for the table of each category's page
        client.get("/student/entry/")
