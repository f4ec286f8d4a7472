"""Encrypted columns, and changing the key of all there are."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import User
from portal.encryption.ciphers import CannotDecrypt
from portal.encryption.fields import Ciphertext, EncryptedTextField, encrypted_fields
from portal.encryption.rotation import BATCH, reencrypt
from portal.mail.models import OutgoingMail
from portal.sessions.engine import AccountSession
from portal.staff_login.models import Authenticator

OLD, NEW = bytes(range(32)), bytes(range(100, 132))
FIELD = OutgoingMail._meta.get_field("body")
pytestmark = pytest.mark.django_db


def unsaved(body: str = "秘密 secret") -> OutgoingMail:
    return OutgoingMail(kind="k", to="a@example.test", subject="s", body=body, next_attempt_at=timezone.now())


def character(body: str = "秘密 secret") -> OutgoingMail:
    row = unsaved(body)
    row.save()
    return row


def authenticator(key: str = "ab" * 20) -> Authenticator:
    user = User.objects.create_user(f"officer{User.objects.count()}", is_staff=True)
    return Authenticator.objects.create(user=user, name="a", key=key)


def session(data: str = "some data") -> AccountSession:
    return AccountSession.objects.create(session_key="d" * 64, session_data=data, expire_date=timezone.now())


# A row of each; a new encrypted field needs a line, and is rotated by itself.
ROWS: dict[str, Callable[[], models.Model]] = {
    "portal_sessions.AccountSession.session_data": session,
    "portal_staff_login.Authenticator.key": authenticator,
    "portal_mail.OutgoingMail.body": character,
}


def stored(row: models.Model, name: str) -> str:
    return str(type(row)._base_manager.filter(pk=row.pk).values_list(name, flat=True).get())


def name_of(field: EncryptedTextField) -> str:
    return f"{field.model._meta.label}.{field.name}"


def test_the_column_is_encrypted_and_the_attribute_is_not() -> None:
    row = character()
    assert stored(row, "body").startswith("v1:demo:")
    assert OutgoingMail.objects.get().body == row.body == "秘密 secret"
    assert OutgoingMail.objects.defer("body").get().body == "秘密 secret"


def test_saving_again_keeps_it_and_empty_stays_empty() -> None:
    row = character()
    again = OutgoingMail.objects.get()
    again.save()  # not looked at
    assert OutgoingMail.objects.get().body == "秘密 secret"
    row.body = ""
    row.save(update_fields=["body"])
    assert (stored(row, "body"), OutgoingMail.objects.get().body) == ("", "")


def test_rows_written_together_are_encrypted() -> None:
    rows = [unsaved(), unsaved()]
    OutgoingMail.objects.bulk_create(rows)
    assert [stored(row, "body")[:8] for row in OutgoingMail.objects.all()] == ["v1:demo:"] * 2


def test_another_row_cannot_read_it() -> None:
    one, other = character("one"), character("other")
    OutgoingMail.objects.filter(pk=one.pk).update(body=Ciphertext(stored(other, "body")))
    with pytest.raises(CannotDecrypt, match="belongs elsewhere"):
        _ = OutgoingMail.objects.get(pk=one.pk).body


def test_another_account_cannot_use_an_authenticators_key() -> None:
    one, other = authenticator("ab" * 20), authenticator("cd" * 20)
    Authenticator.objects.filter(pk=one.pk).update(key=Ciphertext(stored(other, "key")))
    with pytest.raises(CannotDecrypt, match="belongs elsewhere"):
        _ = Authenticator.objects.get(pk=one.pk).bin_key


def test_it_is_not_written_in_clear_by_an_update() -> None:
    character()
    with pytest.raises(ValueError, match="body is encrypted when its row is saved"):
        OutgoingMail.objects.update(body="clear")


@pytest.mark.parametrize("lookup", ["startswith", "contains", "regex", "iexact", "gt", "in", "lower", "length"])
def test_nothing_can_be_asked_of_it(lookup: str) -> None:
    with pytest.raises(FieldError):
        list(OutgoingMail.objects.filter(**{f"body__{lookup}": "v1"}))


def test_a_dump_leaves_it_out() -> None:
    character()
    assert "body" not in serializers.serialize("json", OutgoingMail.objects.all())


def test_a_field_bound_to_nothing_is_said() -> None:
    field = EncryptedTextField(bound_to="nobody")
    field.model, field.name = OutgoingMail, "wrong"
    assert [found.id for found in field.check()][-1:] == ["core.E001"]
    assert FIELD.check() == []


# -- changing keys ----------------------------------------------------------------


@pytest.fixture
def keys(settings: Settings) -> Settings:
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD}
    return settings


def rotate() -> str:
    out = StringIO()
    call_command("rotate_encryption_keys", stdout=out, stderr=out)
    return out.getvalue()


def test_every_encrypted_field_has_a_row_here() -> None:
    assert {name_of(field) for field in encrypted_fields()} == ROWS.keys()


def test_every_field_is_encrypted_anew_and_the_old_key_may_go(keys: Settings) -> None:
    rows = {name_of(field): (field, ROWS[name_of(field)]()) for field in encrypted_fields()}
    texts = {name: getattr(row, field.name) for name, (field, row) in rows.items()}
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    assert rotate().splitlines() == [
        *(f"{name}: 1 encrypted anew, 0 unreadable" for name in rows),
        "everything is encrypted with key 'new'; older keys are needed no more",
    ]
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW}
    for name, (field, row) in rows.items():
        assert stored(row, field.name).startswith("v1:new:")
        assert getattr(type(row)._base_manager.get(pk=row.pk), field.name) == texts[name]


def test_it_may_be_run_again_and_looks_only_at_what_is_older(keys: Settings) -> None:
    character(), character("")
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    row = character("new already")
    before = stored(row, "body")
    assert "portal_mail.OutgoingMail.body: 1 encrypted anew, 0 unreadable" in rotate()
    assert "portal_mail.OutgoingMail.body: 0 encrypted anew, 0 unreadable" in rotate()
    assert stored(row, "body") == before


def test_a_key_whose_id_begins_like_the_current_ones_is_an_older_one(keys: Settings) -> None:
    keys.FIELD_ENCRYPTION_KEYS = {"new2": OLD}
    row = character()
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW, "new2": OLD}
    rotate()
    assert stored(row, "body").startswith("v1:new:")


def test_what_cannot_be_read_is_left_counted_and_makes_it_fail(keys: Settings) -> None:
    lost = character("lost")
    keys.FIELD_ENCRYPTION_KEYS = {"older": bytes(range(50, 82))}
    good = character("good")
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW, "older": bytes(range(50, 82))}
    before, out = stored(lost, "body"), StringIO()
    with pytest.raises(CommandError, match="1 values cannot be read"):
        call_command("rotate_encryption_keys", stdout=out, stderr=out)
    assert "portal_mail.OutgoingMail.body: 1 encrypted anew, 1 unreadable" in out.getvalue()
    assert "1 times: key 'old' is not in FIELD_ENCRYPTION_KEYS" in out.getvalue()
    assert (stored(lost, "body"), stored(good, "body")[:7]) == (before, "v1:new:")


def test_more_rows_than_a_batch(keys: Settings) -> None:
    rows = [unsaved() for _ in range(BATCH + 1)]
    OutgoingMail.objects.bulk_create(rows)
    keys.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    assert isinstance(FIELD, EncryptedTextField)
    assert reencrypt(FIELD).rewritten == BATCH + 1
