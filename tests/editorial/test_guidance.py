"""Guidance: every sentence at the head of a flow is in editors' hands."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from portal.cms.snippets import publish_new
from portal.editorial import places
from portal.editorial.seed_guidance import GUIDANCE
from portal.editorial.snippets import Guidance
from tests.editors import address, client_of, guidance_form

LOGIN = "/china-student/individual/login/"
REGISTER = "/china-student/individual/register/"


# Their pages are still to be built; whoever builds one puts the tag there and takes the place out of here.
def known() -> set[str]:
    return {place for place, _name in places.choices()}


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_every_place_is_in_one_template_and_every_template_names_a_place() -> None:
    templates = Path(settings.ROOT, "templates").rglob("*.html")
    found = [place for template in templates for place in re.findall(r'{% guidance "([^"]+)"', template.read_text())]
    assert sorted(set(found)) == sorted(known())


def test_a_preview_shows_it_as_its_page_does() -> None:
    """What is registered of the page is what the templates have: the look of the words, the titles around them."""
    looks: dict[str, set[str]] = {}
    for template in Path(settings.ROOT, "templates").rglob("*.html"):
        for place, look in re.findall(r'{% guidance "([^"]+)"(?: "([^"]+)")? %}', template.read_text()):
            looks.setdefault(place, set()).add(look or "guidance")
    registered = {key: places.get(key) for key in known()}
    assert [key for key, place in registered.items() if place is None or place.css_class not in looks[key]] == []
    said = "".join(template.read_text() for template in Path(settings.ROOT, "templates").rglob("*.html"))
    kinds = {"線上申辦", "許可證號碼"}  # there the title is the kind's own
    titles = {str(title) for place in registered.values() if place for title in (place.page, place.section) if title}
    assert [title for title in sorted(titles - kinds) if f'{{% translate "{title}" %}}' not in said] == []


@pytest.mark.django_db
@pytest.mark.parametrize("place", sorted(known()))
def test_it_is_previewed_in_its_place(place: str) -> None:
    client, where = client_of("編輯"), address("portal_editorial_guidance", "preview_on_add")
    assert client.post(where, guidance_form(place=place, text="<p>請看</p>", text_en="<p>Look</p>")).json()["is_valid"]
    here = places.get(place)
    assert here is not None
    for mode, language in (("zh-hant", "zh-hant"), ("en", "en")):
        html = client.get(where, {"mode": mode}).content.decode()
        with translation.override(language):
            assert f"<h1>{here.page}</h1>" in html
            assert not here.section or f"<h2>{here.section}</h2>" in html
        assert f'<div class="{here.css_class}"' in html


def test_a_place_begins_with_the_name_of_an_app_in_addresses() -> None:
    areas = {"accounts", "forms", "my_cases", "payments", "downloads", "verification"}
    assert {place.partition(".")[0] for place in known()} == areas


def test_what_is_seeded_is_said_in_three_languages() -> None:
    assert GUIDANCE.keys() <= known()
    assert [place for place, said in GUIDANCE.items() if not all(said) or len(set(map(type, said))) != 1] == []


@pytest.mark.usefixtures("seeded")
def test_a_fresh_site_says_what_the_manual_says(client: Client) -> None:
    assert '<div class="guidance"><p>第一次使用本系統需取得註冊帳號。</p></div>' in text(client, LOGIN)
    assert "完成學校報到及註冊等就讀手續後，即可註冊帳號。" in text(client, REGISTER)
    assert "<ol><li>開啟信箱裡的「會員信箱認證通知信函」" in text(client, f"{REGISTER}done/")
    assert "查驗電子入出境許可證與電子收據的真偽。" in text(client, "/verify/")


@pytest.mark.usefixtures("seeded")
def test_seeding_again_keeps_what_editors_wrote_and_what_they_took_away() -> None:
    changed, hidden, new = (Guidance.objects.get(place=place) for place in ("forms.permit", "forms.check", "payments.list"))
    changed.text = "<p>改過</p>"
    changed.save_revision().publish()
    hidden.unpublish()
    new.delete()
    call_command("seed_pages", verbosity=0)
    assert Guidance.objects.count() == len(GUIDANCE)
    assert Guidance.objects.get(place="forms.permit").text == "<p>改過</p>"
    assert not Guidance.objects.get(place="forms.check").live
    assert "勾選團號前方空格後" in Guidance.objects.get(place="payments.list").text


@pytest.mark.usefixtures("seeded")
def test_a_seeded_text_has_a_history_and_can_be_planned(client: Client) -> None:
    one = Guidance.objects.get(place="accounts.login")
    assert (one.revisions.count(), one.live_revision, one.latest_revision) == (1, one.revisions.get(), one.revisions.get())
    one.text, one.go_live_at = "<p>以後</p>", one.first_published_at.replace(year=2099)
    one.save_revision().publish()
    assert "第一次使用本系統需取得註冊帳號。" in text(client, LOGIN)


@pytest.mark.usefixtures("seeded")
def test_an_editor_changes_a_sentence_and_a_moderator_publishes_it(client: Client) -> None:
    one = Guidance.objects.get(place="accounts.login")
    sent = guidance_form(place=one.place, text="<p>請先<b>註冊</b>。</p>")
    where = address("portal_editorial_guidance", "edit", one.pk)
    assert client_of("編輯").post(where, sent).status_code == 302
    assert "請先" not in text(client, LOGIN)
    assert client_of("總編輯").post(where, {**sent, "action-publish": "1"}).status_code == 302
    assert "請先<b>註冊</b>。" in text(client, LOGIN)


@pytest.mark.usefixtures("seeded")
def test_a_place_has_one_text(client: Client) -> None:
    response = client_of("總編輯").post(address("portal_editorial_guidance", "add"), guidance_form(text="<p>又一段</p>"))
    assert response.context["form"].errors == {"place": ["這個位置已有文字，請直接修改那一筆。"]}


@pytest.mark.usefixtures("seeded")
def test_nobody_deletes_a_text_it_is_unpublished(client: Client) -> None:
    one, moderator = Guidance.objects.get(place="accounts.login"), client_of("總編輯")
    assert moderator.get(address("portal_editorial_guidance", "delete", one.pk)).status_code == 302
    assert moderator.post(address("portal_editorial_guidance", "unpublish", one.pk)).status_code == 302
    assert "第一次使用本系統需取得註冊帳號。" not in text(client, LOGIN)


@pytest.mark.usefixtures("seeded")
def test_the_preview_shows_the_unsaved_text() -> None:
    client, where = client_of("編輯"), address("portal_editorial_guidance", "preview_on_add")
    Guidance.objects.get(place="forms.permit").delete()
    assert client.post(where, guidance_form(text="<p>新</p>", text_en="<p>new</p>")).json()["is_valid"]
    html = client.get(where, {"mode": "en"}).content.decode()
    assert "<h1>Permit number</h1>" in html
    assert re.search(r'<div class="guidance"><p[^>]*>new</p></div>', html)


@pytest.mark.usefixtures("seeded")
def test_the_list_shows_place_and_beginning(client: Client) -> None:
    html = client_of("編輯").get(address("portal_editorial_guidance", "list")).content.decode()
    assert "登入：第一次使用" in html
    assert "第一次使用本系統需取得註冊帳號。" in html


def drawn(place: str, language: str, request: Any = None) -> str:
    context = Context({"request": request} if request else {})
    with translation.override(language):
        return Template(f'{{% load editorial %}}{{% guidance "{place}" "hint" %}}').render(context)


@pytest.fixture
def permit_request(rf: Any) -> HttpRequest:
    """A request for the page on which the permit's number is asked."""
    from django.urls import resolve

    path = "/china-student/individual/apply/multiple-entry/x/permit/"
    request: HttpRequest = rf.get(path)
    request.resolver_match = resolve(path)
    return request


def test_a_missing_translation_is_marked(db: None, permit_request: HttpRequest) -> None:
    publish_new(Guidance(place="forms.permit", text="<p>甲</p>", text_en="<p>a</p>"))
    html = drawn("forms.permit", "zh-hans", permit_request)
    assert 'class="untranslated-note"' in html
    assert '<div class="hint" lang="zh-Hant-TW"><p>甲</p></div>' in html


def test_a_translation_has_no_mark(db: None, permit_request: HttpRequest) -> None:
    publish_new(Guidance(place="forms.permit", text="<p>甲</p>", text_en="<p>a</p>"))
    assert drawn("forms.permit", "en", permit_request).strip() == '<div class="hint"><p>a</p></div>'


def test_where_nothing_is_published_nothing_stands(db: None, permit_request: HttpRequest) -> None:
    Guidance.objects.create(place="forms.permit", text="<p>草稿</p>", live=False)
    assert drawn("forms.permit", "zh-hant", permit_request).strip() == ""


def test_the_places_of_a_page_are_one_query(
    db: None, permit_request: HttpRequest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_new(Guidance(place="forms.permit", text="<p>甲</p>"))
    publish_new(Guidance(place="forms.check", text="<p>乙</p>"))
    with django_assert_num_queries(1):
        assert "甲" in drawn("forms.permit", "zh-hant", permit_request)
        assert "乙" in drawn("forms.check", "zh-hant", permit_request)
        assert drawn("forms.start", "zh-hant", permit_request).strip() == ""
