"""The officers' list."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action
from portal.home.groups import EDITORS
from portal.review.groups import OFFICERS, create_groups
from tests import people
from tests.factories.cases import act, submitted
from tests.staff import logged_in, make_administrator, make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/"


def rows(client: Client, **query: str) -> list[str]:
    """The 收件號 of each row."""
    response: Any = client.get(LIST, query)
    assert response.status_code == 200
    return [case.case_no for case in response.context["object_list"]]


def test_a_row_leads_to_the_decision_page(case: Case, officer: User, officer_client: Client) -> None:
    act(Action.TAKE, case, officer)
    html = officer_client.get(LIST).content.decode()
    assert f'<a href="/admin/cases/review/{case.case_no}/">{case.case_no}</a>' in html
    for cell in ("王小明", "國立臺灣大學", "陸生換發多次證申請", "審核中", "officer", "2026/11/23 10:30"):
        assert cell in html
    for heading in ("收件號", "姓名", "就讀學校", "申請類別", "案件狀態", "承辦人", "送件時間"):
        assert heading in html
    assert "/admin/cases/edit/" not in html
    assert "/admin/cases/create/" not in html


def test_filters_and_search(case: Case, stranger: User, officer: User, officer_client: Client) -> None:
    other = act(Action.TAKE, submitted(stranger), officer)
    assert rows(officer_client, status__exact="submitted") == [case.case_no]
    assert rows(officer_client, status__exact="in_review") == [other.case_no]
    assert rows(officer_client, kind="china-student.multiple-entry") == [other.case_no, case.case_no]
    assert rows(officer_client, kind="china-student.none") == []
    assert rows(officer_client, q=case.case_no) == [case.case_no]
    assert rows(officer_client, q="陳美玲") == [other.case_no]


def test_the_number_of_queries_does_not_grow(case: Case, officer_client: Client, django_assert_max_num_queries: Any) -> None:
    officer_client.get(LIST)
    with django_assert_max_num_queries(16) as one:
        officer_client.get(LIST)
    for number in range(2):
        found = people.applicant(ui_no=f"A99000002{number}", travel_document_no=f"T3000000{number}")
        submitted(people.student(found, f"other{number}"))
    with django_assert_max_num_queries(len(one)):
        assert len(rows(officer_client)) == 3


def test_nobody_adds_edits_or_deletes(case: Case) -> None:
    administrator = make_administrator()
    html = logged_in(administrator).get(LIST).content.decode()
    assert case.case_no in html
    for action in ("create", "edit", "delete", "history", "inspect"):
        with pytest.raises(NoReverseMatch):
            reverse(f"cases_modeladmin_{action}", args=[case.pk])


def test_only_officers_see_the_list_and_its_menu_item(case: Case, officer_client: Client, client: Client) -> None:
    editors = logged_in(make_staff("editor", EDITORS))
    refused = editors.get(LIST)
    assert (refused.status_code, refused["Location"]) == (302, "/admin/")
    assert '"/admin/cases/review/"' not in editors.get("/admin/").content.decode()
    assert '"/admin/cases/review/"' in officer_client.get("/admin/").content.decode()
    assert client.get(LIST)["Location"].startswith("/admin/login/")


def test_officers_have_three_permissions() -> None:
    group = Group.objects.get(name=OFFICERS)
    assert set(group.permissions.values_list("codename", flat=True)) == {"access_admin", "review_case", "view_officeday"}


def test_what_an_administrator_changed_in_the_group_stays() -> None:
    group = Group.objects.get(name=OFFICERS)
    group.permissions.remove(Permission.objects.get(codename="review_case"))
    create_groups()
    assert set(group.permissions.values_list("codename", flat=True)) == {"access_admin", "view_officeday"}
