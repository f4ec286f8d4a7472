"""公告 on the public pages: where, how long, in which language, and at what price."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoAssertNumQueries

from portal.cms.snippets import publish_new
from portal.core.categories import all_categories
from portal.editorial import queries, scopes
from portal.editorial.snippets import Announcement, Level
from portal.student_entry.models import StudentEntryPage

pytestmark = pytest.mark.usefixtures("seeded")
NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
INDIVIDUAL = "/china-student/individual/"
CATEGORY_PAGE = "/student/entry/china-student/"


def publish(title: str = "系統維護", **fields: Any) -> Announcement:
    announcement = Announcement(title=title, **fields)
    publish_new(announcement)
    announcement.refresh_from_db()
    return announcement


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def banners(html: str) -> list[str]:
    """The titles of the announcements between masthead and content."""
    band = re.search(r'<section class="notices container".*?</section>', html, re.DOTALL)
    return re.findall(r'<p class="notice-title">.*?<span>(.*?)</span></p>', band[0]) if band else []


def test_a_notice_of_the_whole_site_is_on_every_page(client: Client, owner_client: Client) -> None:
    publish()
    for path in ("/", CATEGORY_PAGE, f"{INDIVIDUAL}login/", "/verify/"):
        assert banners(text(client, path)) == ["系統維護"], path
    for path in ("todo/", "payments/", "downloads/permits/"):
        assert banners(text(owner_client, INDIVIDUAL + path)) == ["系統維護"], path
    assert banners(client.get("/no/such/page/").content.decode()) == ["系統維護"]


def test_a_notice_of_a_category_is_on_its_page_and_in_its_flows(client: Client) -> None:
    publish(scope="category:china-student")
    Announcement.objects.create(title="別類學生", scope="category:nobody")
    assert banners(text(client, CATEGORY_PAGE)) == ["系統維護"]
    assert banners(text(client, f"{INDIVIDUAL}login/")) == ["系統維護"]
    assert [banners(text(client, path)) for path in ("/", "/student/entry/", "/verify/")] == [[], [], []]


def test_a_notice_of_a_flow_is_on_the_pages_of_that_flow_only(client: Client, owner_client: Client) -> None:
    publish("繳費暫停", scope="flow:payments")
    publish("註冊暫停", scope="flow:accounts")
    assert banners(text(owner_client, f"{INDIVIDUAL}payments/")) == ["繳費暫停"]
    assert banners(text(client, f"{INDIVIDUAL}register/")) == ["註冊暫停"]
    assert banners(text(owner_client, f"{INDIVIDUAL}todo/")) == []
    assert banners(text(client, CATEGORY_PAGE)) == []


def test_every_page_of_a_student_belongs_to_a_flow(owner_client: Client) -> None:
    for path, flow in [
        ("login/", "accounts"),
        ("apply/multiple-entry/", "apply"),
        ("todo/", "cases"),
        ("payments/", "payments"),
        ("downloads/receipts/", "downloads"),
    ]:
        assert scopes.flow_of(resolve(INDIVIDUAL + path)) == flow
    assert scopes.flow_of(resolve("/verify/")) == "verification"
    assert (scopes.flow_of(resolve("/")), scopes.flow_of(None)) == ("", "")


def test_every_scope_can_be_chosen_by_name() -> None:
    site, categories, flows = scopes.choices()
    assert site == ("site", "整個網站")
    assert categories == ("學生類別", [(f"category:{each.slug}", each.name) for each in all_categories()])
    assert {("category:china-student", "大陸學生"), ("category:hk-macau-student", "港澳僑生")} <= set(categories[1])
    assert dict(flows[1]) == {
        "flow:accounts": "註冊帳號、登入、忘記密碼",
        "flow:profile": "帳號維護：密碼修改、基本資料",
        "flow:apply": "線上申辦",
        "flow:payments": "線上繳費",
        "flow:entry": "單一入口形象頁（公告區）",
        "flow:cases": "待辦事項、案件進度、補正(件)、撤銷",
        "flow:downloads": "下載專區",
        "flow:verification": "文件查驗",
    }
    assert f"flow:{StudentEntryPage.flow}" in dict(flows[1])


def test_the_entry_page_shows_them_in_its_own_section_and_urgent_ones_above(client: Client) -> None:
    publish("一般消息")
    publish("系統停機", level="danger")
    html = text(client, "/student/entry/")
    assert banners(html) == ["系統停機"]
    section = html.split('<h2 id="notices">公告</h2>')[1].split("</section>")[0]
    assert re.findall(r"<h3>.*?<span>(.*?)</span>", section) == ["一般消息", "第一次使用本系統，請先註冊帳號"]
    assert re.search(r'<time class="hint number" datetime="\d{4}-\d\d-\d\d" translate="no">\d{4}/\d\d/\d\d</time></h3>', section)


def test_without_notices_there_is_no_section(client: Client) -> None:
    Announcement.objects.all().delete()
    html = text(client, "/student/entry/")
    assert 'id="announcements"' not in html
    assert 'class="announcements' not in html


def test_the_gravest_comes_first_and_then_the_newest(client: Client) -> None:
    for hour, (title, level) in enumerate(
        [("甲", "info"), ("乙", "success"), ("丙", "danger"), ("丁", "warning"), ("戊", "danger")]
    ):
        with time_machine.travel(NOON + dt.timedelta(hours=hour), tick=False):
            publish(title, level=level)
    html = text(client, "/")
    assert banners(html) == ["戊", "丙", "丁", "甲", "乙"]
    assert re.findall(r'<span class="notice-level">(.*?)</span>', html) == ["緊急", "緊急", "重要", "恢復正常"]
    assert {f"notice-{level}" for level in Level.values} <= set(re.findall(r"notice-\w+", html))


def test_a_draft_is_seen_by_nobody(client: Client) -> None:
    announcement = Announcement.objects.create(title="沒有發布的公告", live=False)
    assert "沒有發布的公告" not in text(client, "/")
    live = publish()
    live.title = "還沒發布的標題"
    live.save_revision()
    html = text(client, "/")
    assert banners(html) == ["系統維護"]
    assert announcement.status_string == "草稿"


def test_it_leaves_the_moment_it_ends_whether_or_not_the_scheduler_runs(client: Client) -> None:
    end = NOON + dt.timedelta(hours=3)
    with time_machine.travel(NOON, tick=False) as clock:
        publish(expire_at=end)
        clock.move_to(end - dt.timedelta(seconds=1))
        assert banners(text(client, "/")) == ["系統維護"]
        clock.move_to(end)
        assert banners(text(client, "/")) == []
    assert Announcement.objects.get(title="系統維護").live


def test_the_words_around_a_page_end_with_the_first_of_its_notices() -> None:
    hour = dt.timedelta(hours=1)
    assert queries.editorial_context(now=NOON, language="zh-hant").ends_at is None
    for end in (NOON + 5 * hour, NOON + 2 * hour, NOON - hour):
        publish(expire_at=end)
    Announcement.objects.create(title="沒有發布的公告", live=False, expire_at=NOON + hour)
    ends = [queries.editorial_context(now=NOON + late * hour, language="zh-hant").ends_at for late in (0, 2, 5)]
    assert ends == [NOON + 2 * hour, NOON + 5 * hour, None]


def test_active_notices_are_those_of_the_place_asked_about() -> None:
    Announcement.objects.all().delete()
    for title, scope in [("甲", "site"), ("乙", "category:china-student"), ("丙", "flow:payments"), ("丁", "flow:apply")]:
        publish(title, scope=scope)

    def titles(**where: str) -> set[str]:
        return set(queries.active_announcements(dt.datetime.now(dt.UTC), **where).values_list("title", flat=True))

    assert titles() == {"甲"}
    assert titles(category="china-student") == {"甲", "乙"}
    assert titles(category="china-student", flow="payments") == {"甲", "乙", "丙"}


def test_a_missing_translation_is_shown_in_chinese_with_a_note(client: Client) -> None:
    publish("系統維護", title_en="Maintenance", text="<p>週日暫停服務。</p>")
    html = text(client, "/en/")
    band = html.split('<section class="notices container"')[1].split("</section>")[0]
    assert band.count('class="untranslated-note"') == 1
    assert "<span>Maintenance</span>" in band
    assert '<div lang="zh-Hant-TW">' in band
    assert "週日暫停服務。" in band


def test_a_translated_notice_has_no_note(client: Client) -> None:
    publish("系統維護", title_en="Maintenance", text="<p>甲</p>", text_en="<p>Sunday</p>")
    html = text(client, "/en/")
    assert banners(html) == ["Maintenance"]
    assert "Sunday" in html
    assert "untranslated-note" not in html


def test_a_title_is_text_and_nothing_else(client: Client) -> None:
    publish("<script>alert(1)</script>")
    assert banners(text(client, "/")) == ["&lt;script&gt;alert(1)&lt;/script&gt;"]


@pytest.mark.parametrize("announcements", [1, 3])
def test_notices_guidance_and_contact_are_one_query(
    owner_client: Client, announcements: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(announcements):
        publish(str(number))
    owner_client.get(f"{INDIVIDUAL}todo/")
    with django_assert_max_num_queries(8) as asked:
        assert len(banners(text(owner_client, f"{INDIVIDUAL}todo/"))) == announcements
    assert len([query for query in asked if "portal_editorial_announcement" in query["sql"]]) == 1
    assert len([query for query in asked if "portal_editorial_" in query["sql"]]) == 1
