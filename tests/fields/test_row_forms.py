"""Two people open the form of one row: each saves what they typed, and nothing of what the other saved meanwhile is undone."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.urls import reverse
from wagtail.models import RevisionMixin

from portal.accounts.models import User
from portal.editorial.contact import ContactForm, ContactSettings
from portal.fields.row_forms import LONGEST, OPENED, RowForm, mark
from portal.review.groups import CASHIERS, OFFICERS
from tests.every_form import all_forms
from tests.staff import logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
# Forms of rows without a history that need no marks, and why.
OTHERWISE = {
    "OwnNameForm": "one's own account, which is one person's",
    "StaffCreationForm": "there is no row yet",
}


class Page(HTMLParser):
    """What a browser would send of the form, as it was filled in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self.list: str | None = None
        self.text: str | None = None
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == "w-editor-form"
        if not self.inside or not (name := said.get("name", self.list if tag == "option" else "")):
            return
        if tag == "textarea":
            self.text = name
            self.sent[name] = ""
        elif tag == "select":
            self.list = name
        elif tag == "option" and "selected" in said:
            self.sent[name] = said.get("value", "")
        elif tag == "input" and said.get("type") in {"checkbox", "radio"}:
            if "checked" in said:
                self.sent.setdefault(name, []).append(said.get("value", "on"))
        elif tag == "input":
            self.sent[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.list = None
        self.text = None if tag == "textarea" else self.text

    def handle_data(self, data: str) -> None:
        if self.text:
            self.sent[self.text] += data.removeprefix("\n")


@pytest.fixture
def contact(db: None) -> tuple[str, Any]:
    row = ContactSettings.load()
    return reverse("wagtailsettings:edit", args=["portal_editorial", "contactsettings", row.pk]), row


@pytest.fixture
def member(db: None) -> tuple[str, Any]:
    row = make_staff("officer", OFFICERS)
    User.objects.filter(pk=row.pk).update(chinese_name="原來的姓名")
    return f"/admin/users/edit/{row.pk}/", row


@pytest.fixture
def group(db: None) -> tuple[str, Any]:
    row = Group.objects.get(name=OFFICERS)
    return f"/admin/groups/edit/{row.pk}/", row


def cashiers() -> str:
    return str(Group.objects.get(name=CASHIERS).pk)


def one_more(row: Group) -> list[str]:
    """The permissions of the group, and one that it has not."""
    other = Permission.objects.get(codename="add_announcement")
    return [*map(str, row.permissions.values_list("pk", flat=True)), str(other.pk)]


# The row, what the first one changes and what the second does, and how each is read.
Change = tuple[str, Callable[[Any], Any], Callable[[Any], Any]]
TWO: dict[str, tuple[Change, Change]] = {
    "contact": (
        ("hotline", lambda row: "(02) 1111-1111", lambda row: row.hotline),
        ("hours", lambda row: "全年無休", lambda row: row.hours),
    ),
    "member": (
        ("groups", lambda row: [cashiers()], lambda row: [str(pk) for pk in row.groups.values_list("pk", flat=True)]),
        ("chinese_name", lambda row: "改名", lambda row: row.chinese_name),
    ),
    "group": (
        ("permissions", one_more, lambda row: [str(pk) for pk in row.permissions.values_list("pk", flat=True)]),
        ("name", lambda row: "改名", lambda row: row.name),
    ),
}


@pytest.fixture(params=TWO)
def both(request: pytest.FixtureRequest) -> tuple[str, Any, Change, Change]:
    address, row = request.getfixturevalue(request.param)
    return address, row, *TWO[request.param]


def opened(address: str, number: int) -> tuple[Any, dict[str, Any]]:
    """An administrator who opens the page, and what it would send."""
    client = logged_in(make_administrator(f"root{number}"))
    return client, Page(client.get(address).content.decode()).sent


def now(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def test_each_keeps_what_they_typed(both: tuple[str, Any, Change, Change]) -> None:
    address, row, (first, typed, read), (second, typed_too, read_too) = both
    (one, page), (other, page_too) = opened(address, 1), opened(address, 2)
    wanted, wanted_too = typed(row), typed_too(row)
    assert one.post(address, {**page, first: wanted}).status_code == 302
    assert other.post(address, {**page_too, second: wanted_too}).status_code == 302
    assert (sorted(read(now(row))), read_too(now(row))) == (sorted(wanted), wanted_too)


def test_without_the_marks_the_second_undoes_what_the_first_did(both: tuple[str, Any, Change, Change]) -> None:
    """The control."""
    address, row, (first, typed, read), (second, typed_too, _read_too) = both
    (one, page), (other, page_too) = opened(address, 1), opened(address, 2)
    before, wanted = read(row), typed(row)
    one.post(address, {**page, first: wanted})
    other.post(address, {**page_too, second: typed_too(row), OPENED: ""})
    assert sorted(read(now(row))) == sorted(before) != sorted(wanted)


def test_what_both_changed_is_said_once_and_nothing_typed_is_lost(contact: tuple[str, Any]) -> None:
    address, row = contact
    (one, page), (other, page_too) = opened(address, 1), opened(address, 2)
    one.post(address, {**page, "hotline": "(02) 1111-1111"})
    refused = other.post(address, {**page_too, "hotline": "(02) 2222-2222", "hours": "全年無休"})
    said = (
        "在您開啟此頁之後，「電腦操作/系統維修諮詢專線」已由他人變更為「(02) 1111-1111」。如確定改為您填寫的內容，請再儲存一次。"
    )
    assert refused.context["form"].errors == {"hotline": [said]}
    assert (now(row).hotline, now(row).hours) == ("(02) 1111-1111", row.hours)
    again = Page(refused.content.decode()).sent
    assert (again["hotline"], again["hours"]) == ("(02) 2222-2222", "全年無休")
    assert other.post(address, again).status_code == 302
    assert (now(row).hotline, now(row).hours) == ("(02) 2222-2222", "全年無休")


def test_what_both_changed_alike_is_no_question(contact: tuple[str, Any]) -> None:
    address, row = contact
    (one, page), (other, page_too) = opened(address, 1), opened(address, 2)
    for client, each in ((one, page), (other, page_too)):
        assert client.post(address, {**each, "hotline": "(02) 1111-1111"}).status_code == 302
    assert now(row).hotline == "(02) 1111-1111"


def test_a_role_that_was_taken_away_is_not_given_back_by_an_old_page(member: tuple[str, Any]) -> None:
    address, row = member
    (one, page), (other, page_too) = opened(address, 1), opened(address, 2)
    one.post(address, {**page, "is_active": ""})
    assert other.post(address, {**page_too, "chinese_name": "改名"}).status_code == 302
    assert (now(row).is_active, now(row).chinese_name) == (False, "改名")


@pytest.mark.parametrize("said", ["{", "[]", "[" * 5000, '{"hotline": 1}', '{"no such field": "x"}'])
def test_marks_that_nobody_made_are_none(contact: tuple[str, Any], said: str) -> None:
    address, row = contact
    client, page = opened(address, 1)
    assert client.post(address, {**page, "hours": "全年無休", OPENED: said}).status_code == 302
    assert (now(row).hours, now(row).hotline) == ("全年無休", row.hotline)


def test_marks_without_end_are_refused(contact: tuple[str, Any]) -> None:
    address, row = contact
    client, page = opened(address, 1)
    refused = client.post(address, {**page, "hours": "全年無休", OPENED: "x" * (LONGEST + 1)})
    assert (refused.status_code, list(refused.context["form"].errors), now(row).hours) == (200, [OPENED], row.hours)


class Slow(ContactForm):
    """Between what it looked at and what it saves another one saves."""

    class Meta:
        model = ContactSettings
        fields = ("hotline", "hours")

    def save(self, commit: bool = True) -> Any:
        ContactSettings.objects.update(hotline="(02) 1111-1111")
        return super().save(commit)


def test_two_in_the_same_moment(contact: tuple[str, Any]) -> None:
    _address, row = contact
    form = Slow({"hotline": row.hotline, "hours": "全年無休"}, instance=row)
    assert form.is_valid(), form.errors
    form.save()
    assert (now(row).hotline, now(row).hours) == ("(02) 1111-1111", "全年無休")
    # The control: Django's own way writes every column as it was read.
    stale = ContactSettings.objects.get()
    ContactSettings.objects.update(hotline="(02) 3333-3333")
    stale.save()
    assert now(row).hotline == "(02) 1111-1111"


@pytest.mark.parametrize(
    ("one", "other"), [(None, ""), ("a\r\nb ", "a\nb"), ([2, 1], {"1", "2"}), (True, "True"), (Group(pk=3), 3)]
)
def test_the_same_value_has_the_same_mark(one: object, other: object) -> None:
    assert mark(one) == mark(other) != mark("something else")


def test_every_form_of_a_row_without_history_has_marks() -> None:
    def is_bare(form: Any) -> bool:
        model = getattr(getattr(form, "_meta", None), "model", None)
        return (
            issubclass(form, forms.BaseModelForm)
            and isinstance(model, models.base.ModelBase)
            and not issubclass(model, RevisionMixin)
        )

    bare = {form.__name__: form for form in all_forms() if is_bare(form)}
    assert sorted(name for name, form in bare.items() if not issubclass(form, RowForm)) == sorted(OTHERWISE)
    assert {User, Group} <= {form._meta.model for form in bare.values()}  # type: ignore[attr-defined]
