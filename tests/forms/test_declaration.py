"""使用聲明事項: written by editors, kept in versions, accepted in the one that was read."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.cases.models import Case
from portal.editorial import declaration_versions
from portal.editorial.declaration import Declaration, DeclarationVersion
from portal.forms.models import Draft
from portal.home.tasks import publish_scheduled
from portal.records.models import Permit
from tests import people
from tests.editors import address, client_of, declaration_form
from tests.factories import cases

from .answers import DECLARATION, begin, fill_in
from .conftest import NOON

UPDATED = "使用聲明事項已更新，請重新閱讀"


def publish(text: str, **fields: object) -> None:
    """Publish other words, as an editor does."""
    declaration = Declaration.objects.get()
    for name, value in {"text": text, **fields}.items():
        setattr(declaration, name, value)
    declaration.save_revision().publish()


def labels() -> list[str]:
    return [version.label for version in DeclarationVersion.objects.all()]


# Versions


def test_the_first_publishing_is_version_one_in_three_languages(declaration: DeclarationVersion) -> None:
    assert declaration.label == str(declaration) == "china-student-1"
    assert (declaration.title, declaration.title_en, declaration.title_zh_hans) == (
        "使用聲明事項",
        "Terms of use",
        "使用声明事项",
    )
    for words, law in [
        (declaration.text, "個人資料保護法第 8 條"),
        (declaration.text_en, "Article 8 of the Personal Data Protection Act"),
        (declaration.text_zh_hans, "个人资料保护法第 8 条"),
    ]:
        assert law in words
        assert words.count("<li>") == 6


def test_changed_words_are_a_new_version_and_unchanged_ones_are_not(declaration: DeclarationVersion) -> None:
    publish(declaration.text)
    publish('<p data-block-key="k1">新</p>')
    publish('<p data-block-key="k2">新</p>')
    publish("<p>新</p>", text_en="<p>new</p>")
    assert labels() == ["china-student-1", "china-student-2", "china-student-3"]
    assert DeclarationVersion.objects.get(number=2).text == "<p>新</p>"


def test_going_back_to_older_words_is_a_new_version_too(declaration: DeclarationVersion) -> None:
    publish("<p>新</p>")
    publish(declaration.text)
    assert labels() == ["china-student-1", "china-student-2", "china-student-3"]
    assert DeclarationVersion.objects.get(number=3).words() == declaration.words()


def test_a_draft_makes_no_version_and_is_read_by_nobody(owner_client: Client) -> None:
    declaration = Declaration.objects.get()
    declaration.text = "<p>草稿</p>"
    declaration.save_revision()
    assert labels() == ["china-student-1"]
    assert "草稿" not in owner_client.get(f"{begin(owner_client)}declaration/").content.decode()


def test_a_planned_publishing_makes_its_version_when_it_happens() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        publish("<p>明年</p>", go_live_at=NOON + dt.timedelta(hours=1))
        assert labels() == ["china-student-1"]
        clock.shift(dt.timedelta(hours=1, seconds=1))
        publish_scheduled.apply(throw=True)
        assert labels() == ["china-student-1", "china-student-2"]
        assert DeclarationVersion.objects.get(number=2).published_at == NOON + dt.timedelta(hours=1, seconds=1)


def test_a_declaration_that_was_never_live_and_is_planned_makes_no_version() -> None:
    Declaration.objects.get().unpublish()
    with time_machine.travel(NOON, tick=False):
        publish("<p>明年</p>", go_live_at=NOON + dt.timedelta(hours=1))
    assert labels() == ["china-student-1"]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_every_version_as_it_is(declaration: DeclarationVersion, change: str) -> None:
    rows = DeclarationVersion.objects.filter(pk=declaration.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(text="<p>別的</p>") if change == "update" else rows.delete()
    assert DeclarationVersion.objects.get() == declaration


@pytest.mark.parametrize("label", ["", "1", "china-student-", "china-student-9", "china-student-x", "nobody-1"])
def test_an_unknown_label_is_no_version(label: str) -> None:
    assert declaration_versions.declaration_version(label) is None


# In the admin


def test_an_editor_writes_and_a_moderator_publishes() -> None:
    where = address("portal_editorial_declaration", "edit", Declaration.objects.get().pk)
    sent = declaration_form(text="<p>改過</p>", text_en="<p>changed</p>")
    assert client_of("編輯").post(where, {**sent, "action-submit": "1"}).status_code == 302
    assert labels() == ["china-student-1"]
    assert client_of("總編輯").post(where, {**sent, "action-publish": "1"}).status_code == 302
    assert labels() == ["china-student-1", "china-student-2"]
    version = DeclarationVersion.objects.get(number=2)
    assert (version.text, version.text_en, version.text_zh_hans) == ("<p>改過</p>", "<p>changed</p>", "")


def test_the_form_explains_versions_and_the_preview_shows_what_is_not_saved() -> None:
    client, pk = client_of("編輯"), Declaration.objects.get().pk
    html = client.get(address("portal_editorial_declaration", "edit", pk)).content.decode()
    assert "每次發布都會產生新版本" in html
    preview = address("portal_editorial_declaration", "preview_on_edit", pk)
    assert client.post(preview, declaration_form(text="<p>未儲存</p>")).json()["is_valid"]
    assert "未儲存" in client.get(preview, {"mode": "zh-hant"}).content.decode()
    assert 'class="untranslated-note"' in client.get(preview, {"mode": "en"}).content.decode()


def test_officers_do_not_touch_it_and_nobody_deletes_it(officer_client: Client) -> None:
    pk = Declaration.objects.get().pk
    for page in ("edit", "delete", "history", "unpublish"):
        where = address("portal_editorial_declaration", page, pk)
        assert officer_client.get(where).headers["Location"] == reverse("wagtailadmin_home"), page
    assert client_of("總編輯").get(address("portal_editorial_declaration", "delete", pk)).status_code == 302
    assert Declaration.objects.exists()


# Accepting


def read(client: Client, draft: str) -> str:
    html = client.get(f"{draft}declaration/").content.decode()
    (version,) = re.findall(r'<input type="hidden" name="version" value="([^"]*)"', html)
    return version


def test_the_newest_version_is_shown_and_sent_along(owner_client: Client) -> None:
    publish("<p>新的聲明</p>")
    draft = begin(owner_client)
    assert read(owner_client, draft) == "china-student-2"
    html = owner_client.get(f"{draft}declaration/").content.decode()
    assert "<p>新的聲明</p>" in html
    assert "聲明事項版本 china-student-2" in html


@pytest.mark.parametrize("sent", [DECLARATION, {"agree": "on"}])
def test_who_accepts_an_older_version_is_shown_the_newest(owner_client: Client, sent: dict[str, str]) -> None:
    draft = begin(owner_client)
    owner_client.get(f"{draft}declaration/")
    publish("<p>新的聲明</p>")
    response = owner_client.post(f"{draft}declaration/", sent)
    html = response.content.decode()
    assert response.status_code == 200
    assert f"<li>{UPDATED}</li>" in html
    assert "請勾選" not in html
    assert "<title>錯誤：" in html
    assert "<p>新的聲明</p>" in html
    assert 'name="version" value="china-student-2"' in html
    assert not re.search(r'name="agree"[^>]* checked', html)
    assert owner_client.get(f"{draft}permit/").headers["Location"] == f"{draft}declaration/"
    again = owner_client.post(f"{draft}declaration/", {"agree": "on", "version": "china-student-2"})
    assert again.headers["Location"] == f"{draft}permit/"
    assert Draft.objects.get().data["extra_data"]["declaration"] == "china-student-2"


def test_what_was_accepted_holds_for_the_draft_and_stands_in_the_case(
    owner_client: Client, single_permit: Permit, today: None
) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    publish("<p>新的聲明</p>")
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}sent/"
    assert Case.objects.get().declaration_version == "china-student-1"


def test_who_goes_back_after_a_change_reads_the_new_words_unticked(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="permit")
    assert re.search(r'name="agree"[^>]* checked', owner_client.get(f"{draft}declaration/").content.decode())
    publish("<p>新的聲明</p>")
    assert not re.search(r'name="agree"[^>]* checked', owner_client.get(f"{draft}declaration/").content.decode())


def test_it_is_read_in_the_students_language(owner_client: Client) -> None:
    publish("<p>原文</p>", text_zh_hans="")
    draft = begin(owner_client)
    english = owner_client.get(f"/en{draft}declaration/").content.decode()
    assert "<h2>Terms of use</h2>" in english
    assert "untranslated-note" not in english
    simplified = owner_client.get(f"/zh-hans{draft}declaration/").content.decode()
    assert "<h2>使用声明事项</h2>" in simplified
    assert 'class="untranslated-note"' in simplified
    assert '<div lang="zh-Hant-TW"><p>原文</p></div>' in simplified


def test_without_a_published_declaration_the_page_says_that_nobody_can_apply(owner_client: Client) -> None:
    Declaration.objects.get().unpublish()
    draft = begin(owner_client)
    for response in (owner_client.get(f"{draft}declaration/"), owner_client.post(f"{draft}declaration/", DECLARATION)):
        html = response.content.decode()
        assert response.status_code == 503
        assert "目前無法受理申請" in html
        assert "請稍後再試，或撥打諮詢專線 (02) 2796-7162。" in html
        assert "no-store" in response.headers["Cache-Control"]
    assert owner_client.get(f"{draft}permit/").headers["Location"] == f"{draft}declaration/"


def test_on_a_fresh_database_it_is_the_same(owner_client: Client) -> None:
    Declaration.objects.all().delete()
    assert owner_client.get(f"{begin(owner_client)}declaration/").status_code == 503


def test_an_expired_declaration_holds_no_longer(owner_client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        publish("<p>到期</p>", expire_at=NOON + dt.timedelta(hours=1))
        assert declaration_versions.declaration_in_force(people.CATEGORY, now=NOON)
        clock.shift(dt.timedelta(hours=1))
        assert declaration_versions.declaration_in_force(people.CATEGORY, now=NOON + dt.timedelta(hours=1)) is None


def test_who_accepted_may_still_send(owner_client: Client, single_permit: Permit, today: None) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    Declaration.objects.get().unpublish()
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}sent/"


# What was accepted can be read again


def test_the_student_reads_what_was_accepted_not_what_is_new(
    owner: User, owner_client: Client, declaration: DeclarationVersion
) -> None:
    case = cases.submitted(owner, declaration_version=declaration.label)
    publish("<p>新的聲明</p>")
    html = owner_client.get(f"/china-student/individual/cases/{case.case_no}/").content.decode()
    accepted = html.split("<summary>送件時同意的使用聲明事項（china-student-1）</summary>")[1].split("</details>")[0]
    assert "個人資料保護法第 8 條" in accepted
    assert "新的聲明" not in html


def test_so_does_the_officer(owner: User, officer_client: Client, declaration: DeclarationVersion) -> None:
    case = cases.submitted(owner, declaration_version=declaration.label)
    html = officer_client.get(reverse("review:decision", args=[case.case_no]) + "?open=declaration").content.decode()
    accepted = html.split("<summary>送件時同意的使用聲明事項（china-student-1）</summary>")[1].split("</details>")[0]
    assert "個人資料保護法第 8 條" in accepted


def test_a_version_from_before_the_versions_is_named(owner: User, owner_client: Client, officer_client: Client) -> None:
    case = cases.submitted(owner, declaration_version="1")
    for client, where in [
        (owner_client, f"/china-student/individual/cases/{case.case_no}/"),
        (officer_client, reverse("review:decision", args=[case.case_no]) + "?open=declaration"),
    ]:
        assert "<p>聲明事項版本：1" in client.get(where).content.decode()
