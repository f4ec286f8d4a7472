"""House rule: each registered category has exactly one page class."""

import pytest
from django.core.checks import run_checks

from portal.china_student.models import ChinaStudentPage
from portal.core import categories
from portal.core.categories import StudentCategory
from portal.student_entry.checks import one_page_for_each_category


def test_every_registered_category_has_its_page() -> None:
    assert one_page_for_each_category() == []


def test_a_category_without_a_page_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    lonely = StudentCategory(slug="lonely", name="孤單學生", short_name="孤生")
    monkeypatch.setitem(categories._registry, "lonely", lonely)
    assert [(error.id, error.msg) for error in one_page_for_each_category()] == [
        ("student_entry.E001", "category 'lonely' has page classes: none")
    ]


def test_a_page_of_an_unknown_category_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChinaStudentPage, "category_slug", "unknown")
    assert [error.msg for error in one_page_for_each_category()] == [
        "category 'china-student' has page classes: none",
        "category 'unknown' has page classes: ChinaStudentPage",
    ]


def test_manage_py_check_runs_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChinaStudentPage, "category_slug", "unknown")
    assert "student_entry.E001" in [error.id for error in run_checks()]
