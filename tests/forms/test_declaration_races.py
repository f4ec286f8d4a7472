"""Publishing and accepting at once, with real threads; and the control tests that show what the guards are for."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from portal.accounts.models import User
from portal.editorial import declaration_versions
from portal.editorial.declaration import Declaration, DeclarationVersion
from portal.forms import steps
from portal.forms.models import Draft
from tests.conftest import logged_in
from tests.factories.cases import NOW
from tests.forms.answers import DECLARATION, begin

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all works at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def publish(text: str) -> None:
    declaration = Declaration.objects.get()
    declaration.text = text
    declaration.save_revision().publish()


def accepted(draft: Draft) -> str:
    draft.refresh_from_db()
    return str(draft.data.get("extra_data", {}).get("declaration", ""))


@pytest.mark.parametrize("round_", range(3))
def test_publishing_and_accepting_at_once_accepts_what_was_read_or_nothing(owner: User, round_: int) -> None:
    client = logged_in(owner)
    draft = begin(client)
    client.get(f"{draft}declaration/")
    _, answer = at_once(lambda: publish("<p>新</p>"), lambda: client.post(f"{draft}declaration/", DECLARATION))
    if answer.status_code == 302:  # they were first
        assert accepted(Draft.objects.get()) == "china-student-1"
    else:
        assert "使用聲明事項已更新，請重新閱讀" in answer.content.decode()
        assert accepted(Draft.objects.get()) == ""
    assert declaration_versions.declaration_in_force("china-student", now=NOW).label == "china-student-2"  # type: ignore[union-attr]


def test_control_without_the_comparison_accepts_what_nobody_read(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client: Client = logged_in(owner)
    draft = begin(client)
    read = client.get(f"{draft}declaration/").content.decode()
    monkeypatch.setattr(steps, "is_same_text", lambda read, newest: True)
    at_once(lambda: publish("<p>新</p>"))
    assert client.post(f"{draft}declaration/", DECLARATION).status_code == 302
    assert "<p>新</p>" not in read
    assert accepted(Draft.objects.get()) == "china-student-2"


def test_editors_who_publish_at_once_get_a_number_each() -> None:
    at_once(*(lambda number=number: publish(f"<p>{number}</p>") for number in range(4)))  # type: ignore[misc]
    versions = list(DeclarationVersion.objects.all())
    assert [version.number for version in versions] == [1, 2, 3, 4, 5]
    assert versions[-1].text == Declaration.objects.get().text


def test_control_without_the_lock_gives_one_number_to_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look for the newest, both find the first, both write the second."""
    looked, newest_version = threading.Barrier(2), declaration_versions.newest_version

    def look(category: str) -> DeclarationVersion | None:
        found = newest_version(category)
        looked.wait(10)
        return found

    monkeypatch.setattr(declaration_versions, "newest_version", look)
    monkeypatch.setattr(declaration_versions, "_lock_declaration", lambda declaration: None)
    keep_in_no_transaction = declaration_versions.keep_version.__wrapped__  # type: ignore[attr-defined]

    def keep(text: str) -> str:
        declaration = Declaration.objects.get()
        declaration.text = text
        try:
            return str(keep_in_no_transaction(declaration, now=NOW))
        except IntegrityError:
            return "failed"

    assert sorted(at_once(lambda: keep("<p>甲</p>"), lambda: keep("<p>乙</p>"))) == ["china-student-2", "failed"]


def test_a_version_that_cannot_be_kept_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both or neither: words that nobody could name later are not shown."""

    def refuse(declaration: Declaration, *, now: Any) -> None:
        raise IntegrityError

    before = Declaration.objects.get().text
    monkeypatch.setattr(declaration_versions, "keep_version", refuse)
    with pytest.raises(IntegrityError):
        publish("<p>新</p>")
    assert Declaration.objects.get().text == before
