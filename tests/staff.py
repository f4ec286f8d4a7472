"""Staff, made as an agency makes them: an administrator's form, the mailed link, a password and an authenticator.

The first of a kind goes the whole way, and that is rolled back; those after it are given copies of the very rows it made.
"""

import datetime as dt
import re
from base64 import b32decode
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models, transaction
from django.http import HttpRequest
from django.test import Client
from django_otp.oath import totp

from portal.accounts.models import User
from portal.mail.models import OutgoingMail
from portal.sessions.engine import AccountSession
from portal.staff_login import second_factor
from portal.staff_login.models import SecondFactorReset, SetUpLink
from tests import people

ADD = "/admin/users/new/"
LINK = re.compile(r"http\S+/admin/set-up/\S+")
KEY = re.compile(r'second-factor-key">([A-Z2-7 ]+)<')
CODES = re.compile(r"<li><code>([a-z2-7-]{19})</code>")
# When the copied rows were made: before any time that a test may choose, for no code opens twice.
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
# Rows that belong to that way, not to the person it made.
OF_THE_FORMS = (AccountSession, SetUpLink, SecondFactorReset)


@dataclass(frozen=True)
class SetUp:
    """Somebody who has just set themselves up: the browser they did it in, the authenticator's key, the recovery codes."""

    client: Client
    key: bytes
    codes: list[str]

    def code(self, later: int = 0) -> str:
        """What the app shows, so many half-minutes from now."""
        return f"{totp(self.key, drift=later):06d}"


def link_in(text: str) -> str:
    """The path of the set-up link in an email, or in what a command prints."""
    found = LINK.search(text)
    assert found, text
    return urlsplit(found[0]).path


def email_to(user: User, kind: str = "staff_set_up") -> OutgoingMail:
    """The newest email of that kind."""
    found = OutgoingMail.objects.filter(to=user.email, kind=kind).order_by("-pk").first()
    assert found, f"no email {kind} to {user.email}"
    return found


def follow(link: str, password: str = people.PASSWORD) -> SetUp:
    """Both steps of a set-up link, in a browser of the person's own."""
    client = Client()
    assert client.post(link, {"new_password": password, "new_password_again": password})["Location"] == link
    return enrol(client, link)


def enrol(client: Client, link: str) -> SetUp:
    """The second step: type the key into the app, and its code into the page."""
    key = key_of_page(client.get(link).content.decode())
    page = client.post(link, {"code": f"{totp(key):06d}"})
    assert page.status_code == 200, page.content.decode()
    return SetUp(client, key, CODES.findall(page.content.decode()))


def key_of_page(page: str) -> bytes:
    """What a person types into the app."""
    found = KEY.search(page)
    assert found
    return b32decode(found[1].replace(" ", ""))


def code_of_page(page: str) -> str:
    """What the app shows then."""
    return f"{totp(key_of_page(page)):06d}"


def first_administrator(username: str = "root") -> SetUp:
    """As on a new server: the command prints a link, and its owner follows it."""
    said = StringIO()
    call_command("create_administrator", username, f"{username}@staff.example", stdout=said)
    return follow(link_in(said.getvalue()))


def fill_in(client: Client, username: str, *groups: str, is_superuser: bool = False, **more: Any) -> Any:
    """新增人員: what the administrator's form answers."""
    pks = list(Group.objects.filter(name__in=groups).values_list("pk", flat=True))
    said = {"username": username, "chinese_name": "人員", "email": f"{username}@staff.example", "groups": pks, **more}
    return client.post(ADD, {**said, "is_superuser": "on"} if is_superuser else said)


def set_up(username: str, *groups: str, is_superuser: bool = False) -> SetUp:
    """The whole way, every time: command, form, email, link."""
    return made_by(first_administrator(f"chief-{username}").client, username, *groups, is_superuser=is_superuser)


def made_by(administrator: Client, username: str, *groups: str, is_superuser: bool = False) -> SetUp:
    """The administrator fills in the form, the person follows the link of the email."""
    answer = fill_in(administrator, username, *groups, is_superuser=is_superuser)
    assert answer.status_code == 302, answer.content.decode()
    return follow(link_in(email_to(User.objects.get(username=username)).body))


# -- copies of what that way made -----------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row as it was, and the rows that pointed at it."""

    model: type[models.Model]
    values: dict[str, Any]
    children: "list[tuple[str, Row]]"

    @classmethod
    def of(cls, instance: models.Model) -> "Row":
        fields = [field for field in instance._meta.concrete_fields if not field.primary_key]
        values = {field.attname: getattr(instance, field.attname) for field in fields}
        return cls(type(instance), values, [(name, cls.of(child)) for name, child in _children(instance)])

    def write(self, **changes: Any) -> Any:
        made = self.model(**{**self.values, **changes})
        made.save(force_insert=True)
        for foreign_key, child in self.children:
            child.write(**{foreign_key: made.pk})
        return made


def _children(instance: models.Model) -> list[tuple[str, models.Model]]:
    """What hangs on the row for good: an authenticator, recovery codes."""
    relations = [each for each in instance._meta.related_objects if each.one_to_many or each.one_to_one]
    ours = [each for each in relations if each.on_delete is models.CASCADE and each.related_model not in OF_THE_FORMS]
    return [
        (each.field.attname, child)
        for each in ours
        for child in each.related_model._base_manager.filter(**{each.field.name: instance})
    ]


ADMINISTRATOR = (frozenset[str](), True)
_made: dict[tuple[frozenset[str], bool], Row] = {}


def make_staff(username: str, *groups: str, is_superuser: bool = False, chinese_name: str = "") -> User:
    """A member of staff of these groups, set up and with people.PASSWORD."""
    kind = (frozenset(groups), is_superuser)
    if kind not in _made:
        _made[kind] = _row_by_the_forms(*groups, is_superuser=is_superuser)
    user: User = _made[kind].write(username=username, email=f"{username}@staff.example", chinese_name=chinese_name)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_administrator(username: str = "administrator", **more: Any) -> User:
    return make_staff(username, is_superuser=True, **more)


def _row_by_the_forms(*groups: str, is_superuser: bool) -> Row:
    adds, added = "who-adds-the-first", "the-first-of-a-kind"  # names that no test gives to people of its own
    with transaction.atomic(), time_machine.travel(LONG_AGO, tick=False):
        if ADMINISTRATOR in _made:
            made_by(logged_in(make_administrator(adds)), added, *groups, is_superuser=is_superuser)
        else:
            set_up(added, *groups, is_superuser=is_superuser)
        row = Row.of(User.objects.get(username=added))
        transaction.set_rollback(True)
    return row


# -- logged in ------------------------------------------------------------------------


def logged_in(user: User) -> Client:
    """A browser in which that student is logged in, or that member of staff by both factors."""
    client = Client()
    if user.is_student:
        client.force_login(user, backend="portal.accounts.backends.StudentBackend")
    else:
        with_password(client, user)
        if second_factor.authenticator(user) is not None:
            pass_second_factor(client, user)
    return client


def with_password(client: Client, user: User) -> None:
    """So far a member of staff comes with the password alone."""
    client.force_login(user, backend="portal.accounts.backends.StaffBackend")


def pass_second_factor(client: Client, user: User) -> None:
    """As after a right code: each code opens once, and a test would have to wait half a minute for the next."""
    request = HttpRequest()
    request.session, request.user = client.session, user
    second_factor.mark_passed(request, user)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
