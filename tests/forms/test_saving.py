"""What is typed is saved while one types, and nothing that was typed is lost."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from portal.accounts.models import User
from portal.cases import operations as cases
from portal.core.files import private_storage
from portal.forms import operations, purging
from portal.forms.models import Draft
from portal.forms.tasks import purge, remind
from portal.mail.models import OutgoingMail
from portal.records.models import Permit
from tests.conftest import logged_in
from tests.factories.cases import NOW
from tests.questions import nothing_is_written

from .answers import ANSWERS, START, chosen, fill_in

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def draft(owner_client: Client, single_permit: Permit) -> str:
    """The address of a draft whose form is open."""
    return fill_in(owner_client, permit_no=single_permit.permit_no, until="form")


def typed(name: str) -> list[str] | None:
    found: list[str] | None = Draft.objects.get().data["step_data"].get("form", {}).get(name)
    return found


def test_the_fields_that_are_posted_are_kept_and_no_others(owner_client: Client, draft: str) -> None:
    owner_client.post(f"{draft}save/", {"road": "一路", "number": "1 號"})
    response = owner_client.post(f"{draft}save/", {"road": "二路", "unknown": "x"})
    assert response.json()["saved"] == "12:00:00"
    assert (typed("road"), typed("number"), typed("unknown"), typed("city")) == (["二路"], ["1 號"], None, None)
    html = owner_client.get(f"{draft}form/").content.decode()
    assert 'name="road" value="二路"' in html
    assert 'name="chinese_name" value="王小明"' in html  # what was prefilled stands as before


def test_the_answer_says_how_far_each_block_is(owner_client: Client, draft: str) -> None:
    before = owner_client.post(f"{draft}save/", {"spouse_of_taiwanese": "N"}).json()["blocks"]
    assert (before["block-1"], before["block-8"]) == (["done", "已完成"], ["todo", "待填寫"])
    after = owner_client.post(f"{draft}save/", {"party_role": "never"}).json()["blocks"]
    assert after["block-8"] == ["done", "已完成"]


@pytest.mark.parametrize("value", ["x" * 10_000, "\0", "‮😀"])
def test_what_is_wrong_is_kept_as_far_as_a_draft_holds_it(owner_client: Client, draft: str, value: str) -> None:
    assert owner_client.post(f"{draft}save/", {"road": value}).status_code == 200
    assert typed("road") == [value[:2000].replace("\0", "")]


def test_a_tick_that_is_taken_back_is_taken_back(owner_client: Client, draft: str) -> None:
    owner_client.post(f"{draft}save/", {"no_mobile": ["", "on"]})
    assert re.search(r'type="checkbox" name="no_mobile"[^>]* checked', owner_client.get(f"{draft}form/").content.decode())
    owner_client.post(f"{draft}save/", {"no_mobile": ""})
    assert not re.search(r'type="checkbox" name="no_mobile"[^>]* checked', owner_client.get(f"{draft}form/").content.decode())


@pytest.mark.parametrize("step", ["declaration", "permit"])
def test_before_the_form_there_is_nothing_to_save_into(owner_client: Client, single_permit: Permit, step: str) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until=step)
    assert owner_client.post(f"{draft}save/", {"road": "一路"}).status_code == 409


def test_what_was_sent_is_not_written_to(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no)
    assert owner_client.post(f"{draft}save/", {"road": "一路"}).status_code == 409
    assert Draft.objects.get().data == {}


def test_it_is_the_owners_own_address(stranger_client: Client, draft: str) -> None:
    assert stranger_client.post(f"{draft}save/", {"road": "一路"}).status_code == 404
    assert stranger_client.get(f"{draft}save/").status_code == 404
    assert Client().post(f"{draft}save/", {"road": "一路"}).status_code == 403
    assert typed("road") is None


def test_a_page_with_a_stale_token_gets_one_that_holds(owner: User, draft: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in(owner).cookies
    assert client.post(f"{draft}save/", {"road": "一路"}).status_code == 403
    token = client.get(f"{draft}save/").json()["token"]
    assert client.post(f"{draft}save/", {"road": "一路", "csrfmiddlewaretoken": token}).status_code == 200
    assert typed("road") == ["一路"]


# Two requests at once


@pytest.mark.parametrize("step", ["declaration", "permit", "form", "check"])
def test_a_look_at_a_step_writes_nothing(owner_client: Client, draft: str, step: str) -> None:
    owner_client.post(f"{draft}form/", {"road": "一路", "go": "save"})
    before = Draft.objects.values().get()
    owner_client.get(f"{draft}{step}/")
    assert Draft.objects.values().get() == before


def test_a_request_that_began_earlier_overwrites_nothing(owner_client: Client, draft: str) -> None:
    """A slow upload read the draft before 儲存草稿 was acknowledged, and writes after it."""
    early = Draft.objects.get()
    owner_client.post(f"{draft}form/", {"road": "一路", "go": "save"})
    operations.merge(early, before=early.data, after={**early.data, "step": "form"})
    assert typed("road") == ["一路"]


def many_fields(draft: Draft, save: Any) -> set[str]:
    """Which of six fields stand in the draft after six requests at once saved one each."""
    names = ["road", "number", "lane", "alley", "village", "home_address"]
    barrier = Barrier(len(names))

    def one(name: str) -> None:
        try:
            barrier.wait(timeout=30)
            save(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(one, names))
    return set(Draft.objects.get(pk=draft.pk).data["step_data"]["form"])


@pytest.mark.django_db(transaction=True)
def test_fields_saved_at_once_are_all_kept(owner: User) -> None:
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
    assert len(many_fields(draft, lambda name: operations.save_typed(draft, "form", {name: ["x"]}))) == 6


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_some_are_lost(owner: User) -> None:
    data = {"step_data": {"form": {}}}
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", data=data)
    looked = Barrier(6)

    def careless(name: str) -> None:
        row = Draft.objects.get(pk=draft.pk)
        looked.wait(timeout=30)
        row.data["step_data"]["form"][name] = ["x"]
        row.save()

    assert len(many_fields(draft, careless)) == 1


# Other ways to lose text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_language_switch_takes_along_what_was_typed(owner_client: Client, draft: str, language: str) -> None:
    response = owner_client.post(f"{draft}form/", {"road": "一路", "go": language})
    assert response.headers["Location"].startswith(f"/{language}/china-student/individual/apply/multiple-entry/")
    assert 'name="road" value="一路"' in owner_client.get(response.headers["Location"]).content.decode()


def test_the_switch_stands_in_the_form_as_buttons(owner_client: Client, draft: str) -> None:
    html = owner_client.get(f"{draft}form/").content.decode()
    assert re.findall(r'<button form="application" name="go" value="([^"]*)"', html) == ["zh-hant", "en", "zh-hans"]
    assert '<form id="application" method="post" action="' in html


def test_a_token_of_before_another_log_in_loses_nothing(owner: User, draft: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in(owner).cookies
    here = {"Sec-Fetch-Site": "same-origin"}
    stale = client.post(f"{draft}form/", {"road": '一路"><b>', "go": "save"}, headers=here)
    html = stale.content.decode()
    assert (stale.status_code, "您填寫的內容還在" in html) == (403, True)
    assert '<input type="hidden" name="road" value="一路&quot;&gt;&lt;b&gt;">' in html
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', html)
    assert token
    again = client.post(f"{draft}form/", {"road": "一路", "go": "save", "csrfmiddlewaretoken": token[1]}, headers=here)
    assert again.status_code == 302
    assert typed("road") == ["一路"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}])
def test_of_a_form_from_elsewhere_nothing_is_repeated(owner: User, draft: str, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = logged_in(owner).cookies
    html = client.post(f"{draft}form/", {"road": "一路"}, headers=headers).content.decode()
    assert "一路" not in html


def test_passwords_are_not_repeated(draft: str) -> None:
    client = Client(enforce_csrf_checks=True)
    posted = {"username": "xiaoming", "password": "correct horse", "new_password": "correct horse", "captcha_1": "abc"}
    html = client.post("/china-student/individual/login/", posted, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert 'name="username" value="xiaoming"' in html
    assert "correct horse" not in html
    assert "captcha_1" not in html


# The end of a draft


def test_a_draft_is_deleted_after_one_question(owner_client: Client, draft: str, django_capture_on_commit_callbacks: Any) -> None:
    owner_client.post(f"{draft}form/", {**chosen("photo"), "upload": "photo"})
    name = Draft.objects.get().uploads.get().file.name
    assert "確定要刪除這份草稿嗎" in owner_client.get(f"{draft}delete/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert owner_client.post(f"{draft}delete/").headers["Location"] == "/china-student/individual/todo/"
    assert not Draft.objects.exists()
    assert not private_storage().exists(name)
    assert owner_client.post(f"{draft}delete/").status_code == 404


def test_nobody_deletes_anothers_draft_or_what_was_sent(
    owner_client: Client, stranger_client: Client, single_permit: Permit
) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no)
    for client in (owner_client, stranger_client):
        assert (client.get(f"{draft}delete/").status_code, client.post(f"{draft}delete/").status_code) == (404, 404)
    assert Draft.objects.count() == 1


def test_the_lists_lead_to_it(owner_client: Client, draft: str) -> None:
    for page in (START, "/china-student/individual/todo/"):
        assert f'href="{draft}delete/"' in owner_client.get(page).content.decode()


@pytest.mark.parametrize(("days", "sent"), [(52, 0), (53, 1), (59, 1), (60, 0)])
def test_a_week_before_the_end_an_email_says_so_once(owner: User, owner_client: Client, draft: str, days: int, sent: int) -> None:
    Draft.objects.update(updated_at=NOW - dt.timedelta(days=days))
    assert remind() == sent
    with nothing_is_written():
        remind()
    emails = list(OutgoingMail.objects.filter(kind="draft_reminder"))
    assert len(emails) == sent
    if sent:
        assert emails[0].to == owner.email
        ends_on = NOW - dt.timedelta(days=days) + dt.timedelta(days=60)
        assert f"將於 {ends_on:%Y/%m/%d} 連同檔案一併刪除" in emails[0].body


def test_filled_in_again_it_lives_on_and_is_said_again(owner_client: Client, draft: str) -> None:
    Draft.objects.update(updated_at=NOW - dt.timedelta(days=55))
    assert remind() == 1
    owner_client.post(f"{draft}save/", {"road": "一路"})
    assert remind() == 0
    with time_machine.travel(NOW + purging.DRAFT_LIFE - dt.timedelta(days=1), tick=False):
        assert remind() == 1
        purge()
        assert Draft.objects.exists()
    assert OutgoingMail.objects.filter(kind="draft_reminder").count() == 2


# The day on which it opens


def test_the_calendar_file_of_the_opening(owner_client: Client) -> None:
    response = owner_client.get(f"{START}opening.ics?day=2028-08-23")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="multiple-entry-2028-08-23.ics"'
    text = response.content.decode()
    for line in ("BEGIN:VEVENT", "DTSTART;VALUE=DATE:20280823", "SUMMARY:可以申請：陸生換發多次證申請"):
        assert line in text


@pytest.mark.parametrize("day", ["", "2028", "2028-02-30", "9999-12-31", "0001-01-01", "x" * 500])
def test_no_such_day(owner_client: Client, day: str) -> None:
    assert owner_client.get(f"{START}opening.ics", {"day": day}).status_code == 404


def test_answers_are_checked_against_the_records_once(owner_client: Client, single_permit: Permit) -> None:
    """Another date of entry than the records have is asked about before it is sent, kindly, and once."""
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check", answers={"entered_on": "2026/11/3"})
    html = owner_client.get(f"{draft}check/").content.decode()
    for said in ("與署內資料不同之處", "您填寫：2026/11/03", "署內資料：2026/11/02"):
        assert said in html
    refused = owner_client.post(f"{draft}check/").content.decode()
    assert "資料與署內資料不同，請核對後勾選" in refused
    assert owner_client.post(f"{draft}check/", {"confirm": "on"}).headers["Location"] == f"{draft}sent/"


def test_what_differs_is_said_in_words(owner_client: Client, single_permit: Permit) -> None:
    changed = {"degree": "M", "birth_place": "11"}
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check", answers=changed)
    html = owner_client.get(f"{draft}check/").content.decode()
    for said in ("您填寫：碩士班", "署內資料：學士班", "您填寫：北京", "署內資料：上海"):
        assert said in html


def test_where_nothing_differs_nothing_is_asked(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check", answers={"entered_on": "20261102"})
    assert "與署內資料不同之處" not in owner_client.get(f"{draft}check/").content.decode()


def test_an_earlier_case_fills_in_what_the_records_do_not_hold(owner_client: Client, owner: User, single_permit: Permit) -> None:
    sent = fill_in(owner_client, permit_no=single_permit.permit_no)
    case = Draft.objects.get().sent_case
    assert case
    cases.withdraw(case, actor=owner, version=case.version, now=NOW)
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    assert draft != sent
    html = owner_client.get(f"{draft}form/").content.decode()
    assert f'name="home_address" value="{ANSWERS["home_address"]}"' in html
    assert "由您 2026/11/23 的申請帶入" in html
    assert "由署內資料帶入（2026/11/23）" in html
    assert 'name="party_role" value="never" required checked' not in html  # a declaration is made anew
