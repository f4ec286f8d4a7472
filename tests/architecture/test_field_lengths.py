"""Every field of every form of ours looks at the length first: what is too long gets the field's message, and no work."""

import sys
from collections import Counter
from typing import Any

import pytest
from django import forms
from django.conf import settings

from portal.accounts.account.forms import PasswordForm
from portal.accounts.models import User
from portal.throttling.form_limits import kept_values
from tests.every_form import all_forms, made

pytestmark = pytest.mark.django_db
LONG = "９" * 1_900_000  # full width: to normalise it takes a while
# What only editors and administrators fill, drawn by Wagtail; and the bank, which is not ours, has its own way.
NOT_OURS = {"portal.cms.page_forms", "portal.core.picture_forms", "portal.demo.component_samples"}
# Functions that work on the whole text.
WORK = {"normalize", "sub", "fullmatch", "match", "hash_secret", "verify_secret", "openssl_sha256", "update", "hmac_digest"}


def every_form() -> list[type[forms.BaseForm]]:
    return [form for form in all_forms() if form.__module__ not in NOT_OURS and not issubclass(form, forms.BaseModelForm)]


FORMS = every_form()


def text_fields(form: type[Any], user: User) -> list[str]:
    fields = made(form, None, user).fields
    no_text = forms.BooleanField | forms.FileField
    return [name for name, field in fields.items() if not field.disabled and not isinstance(field, no_text)]


def posted(form: type[Any], name: str, text: str, user: User) -> dict[str, Any]:
    widget = made(form, None, user).fields[name].widget
    parts = len(getattr(widget, "widgets", ()))
    several = isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple)
    return {f"{name}_{part}": text for part in range(parts)} or {name: [text] if several else text}


def worked_on(form: Any) -> "Counter[str]":
    """How often each function of WORK was called while the form was looked at."""
    called: Counter[str] = Counter()

    def watch(frame: Any, event: str, argument: Any) -> None:
        # Django compiles and translates its own messages meanwhile; what counts is called from the portal's modules.
        if event == "c_call" and argument.__name__ in WORK and "/portal/" in frame.f_code.co_filename:
            called[f"{argument.__name__} in {frame.f_code.co_qualname}"] += 1

    sys.setprofile(watch)
    try:
        form.full_clean()
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__qualname__)
def test_what_is_too_long_gets_the_fields_message_and_no_work(form: type[Any], owner: User) -> None:
    for name in text_fields(form, owner):
        filled = made(form, posted(form, name, LONG, owner), owner)
        called = worked_on(filled) - worked_on(made(form, posted(form, name, "", owner), owner))
        # 使用聲明事項: another version's label is no answer; nor is what nobody asked for.
        is_none = getattr(filled, "is_outdated", False) or name in getattr(form, "all_conditions", dict)()
        assert is_none or name in filled.errors, f"{form.__qualname__}.{name} took {len(LONG)} characters"
        assert called == Counter(), f"{form.__qualname__}.{name}"
        assert len(str(filled.errors)) < 20_000, f"{form.__qualname__}.{name} says all of it again"


def test_there_are_forms_to_go_through() -> None:
    names = {form.__qualname__ for form in FORMS}
    assert {"RegistrationForm", "LogInForm", "StaffLogInForm", "MultipleEntryForm", "DownloadQueryForm", "ReturnForm"} <= names


def test_control_a_field_without_the_mixin_is_worked_on(owner: User) -> None:
    """The same fields in a plain form: the watch sees the work."""

    class Plain(forms.Form):
        number = FORMS and next(f for f in FORMS if f.__qualname__ == "RegistrationForm").base_fields["mobile"]

    assert any(called.startswith("normalize") for called in worked_on(Plain({"number": "９" * 100})))


def test_the_message_names_the_limit(owner: User) -> None:
    form = PasswordForm({"current_password": "x" * 1025}, user=owner, session_key="x")
    assert form.errors["current_password"] == ["請確認這個值至多包含 1024 個字 (目前為 1025 個字)。"]


def test_blanks_at_the_ends_do_not_count_where_they_are_taken_off(owner: User) -> None:
    name = f"{'王' * 60}   "
    form = made(next(form for form in FORMS if form.__qualname__ == "RegistrationForm"), {"chinese_name": name}, owner)
    assert "chinese_name" not in form.errors


def test_but_not_without_end(owner: User) -> None:
    """Taking blanks off is work, too."""
    of = next(form for form in FORMS if form.__qualname__ == "RegistrationForm")
    for blanks, wrong in ((200, False), (201, True)):
        form = made(of, {"chinese_name": "王" * 60 + " " * blanks}, owner)
        assert ("chinese_name" in form.errors) is wrong


def test_what_is_kept_of_a_form_is_bounded() -> None:
    kept = kept_values({"a": ["x" * 5000, "\0y"], "b": ["z"] * 500})
    assert (len(kept["a"][0]), kept["a"][1], len(kept["b"])) == (2000, "y", 200)
    assert len(kept_values({f"n{i}": ["x"] for i in range(500)})) == 200
    assert kept_values({"remark-\0x": ["a"], "x" * 300: ["a"], "\ud800": ["a"], "remark-name": ["a"]}) == {"remark-name": ["a"]}


def test_a_long_password_is_not_hashed(owner: User) -> None:
    owner.password = "not a hash: to look at it would raise"
    assert not owner.check_password("x" * 1025)
    assert settings.AUTH_PASSWORD_VALIDATORS[0]["NAME"] == "portal.fields.passwords.MaximumLengthValidator"
