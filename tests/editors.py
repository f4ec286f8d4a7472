"""Editors at work: who they are, and what their forms send."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text

from portal.accounts.models import User
from tests import people
from tests.staff import logged_in, make_staff


def member_of(group: str) -> User:
    """Somebody of a group of portal.home.groups: 編輯 write, 總編輯 publish."""
    return make_staff(group, group)


def client_of(group: str) -> Client:
    return logged_in(member_of(group))


def address(model: str, page: str, *args: Any) -> str:
    """An address of a snippet in the admin: `portal_editorial_announcement`, `edit`, its number."""
    return reverse(f"wagtailsnippets_{model}:{page}", args=args)


def notice_form(**fields: Any) -> dict[str, Any]:
    """What the form of a notice sends; rich text as HTML."""
    said: dict[str, Any] = {"level": "info", "scope": "site", "title": "系統維護", "text": "<p>週日暫停服務。</p>"}
    return _sent({**said, **fields}, ("title_en", "title_zh_hans"), ("text", "text_en", "text_zh_hans"))


def guidance_form(**fields: Any) -> dict[str, Any]:
    return _sent({"place": "forms.permit", **fields}, (), ("text", "text_en", "text_zh_hans"))


def declaration_form(**fields: Any) -> dict[str, Any]:
    said = {"category": people.CATEGORY, "title": "使用聲明事項", **fields}
    return _sent(said, ("title_en", "title_zh_hans"), ("text", "text_en", "text_zh_hans"))


def slot_form(**fields: Any) -> dict[str, Any]:
    """What the form of 加附文件 sends; `action-publish` is added by who publishes."""
    said: dict[str, Any] = {
        "label": "監護人同意書",
        "required": "on",
        "max_files": "1",
        "kinds": ["china-student.multiple-entry"],
    }
    blank = dict.fromkeys(("label_en", "label_zh_hans", "help", "help_en", "help_zh_hans", "starts_on", "ends_on"), "")
    return {**blank, **said, **fields}


def _sent(said: dict[str, Any], plain: tuple[str, ...], rich: tuple[str, ...]) -> dict[str, Any]:
    blank = dict.fromkeys([*plain, "go_live_at", "expire_at"], "")
    texts = {name: rich_text(said.pop(name, "")) for name in rich}
    return nested_form_data({**blank, **said, **texts})
