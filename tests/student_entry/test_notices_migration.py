"""Notices of the entry page as it was before: each becomes a row, published or a draft as it was."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.home.snippets import Notice
from portal.student_entry.models import StudentEntryPage
from tests.home.test_notices import banners

BEFORE = [("student_entry", "0001_initial")]
SHOWN = {"level": "warning", "date": "2026-11-23", "title": "系統維護", "text": "<p>週日暫停服務。</p>"}
UNDATED = {"level": "info", "date": None, "title": "沒有日期", "text": ""}
DRAFTED = {"level": "info", "date": None, "title": "只在草稿", "text": ""}


def block(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "notice", "id": key, "value": value}


def migrate(target: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.mark.django_db(transaction=True)
def test_they_become_rows_shown_where_they_were(client: Any) -> None:
    call_command("seed_pages", verbosity=0)
    Notice.objects.all().delete()
    entry = StudentEntryPage.objects.get(locale__language_code="zh-hant")
    entry.introduction = "改過"
    revision = entry.save_revision()
    old = migrate(BEFORE)
    old.get_model("student_entry", "StudentEntryPage").objects.filter(pk=entry.pk).update(
        notices=json.dumps([block("a", SHOWN), block("b", UNDATED)])
    )
    revision.content["notices"] = json.dumps([block("a", SHOWN), block("c", DRAFTED)])
    revision.save()
    call_command("migrate", "student_entry", verbosity=0)
    rows = {notice.title: notice for notice in Notice.objects.all()}
    assert rows.keys() == {"系統維護", "沒有日期", "只在草稿"}
    shown, undated, drafted = (rows[title] for title in ("系統維護", "沒有日期", "只在草稿"))
    assert (shown.level, shown.scope, shown.text, shown.live) == ("warning", "flow:entry", "<p>週日暫停服務。</p>", True)
    assert shown.first_published_at == dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)
    assert (undated.live, undated.first_published_at is not None) == (True, True)
    assert (drafted.live, drafted.has_unpublished_changes, drafted.first_published_at) == (False, True, None)
    html = client.get("/student/entry/").content.decode()
    assert "系統維護" in html
    assert "2026/11/23" in html
    assert "只在草稿" not in html
    assert banners(client.get("/").content.decode()) == []
