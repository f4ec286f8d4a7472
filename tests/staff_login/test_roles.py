"""Who may enter the admin: one definition, asked whatever the rows say. A student never, whatever SQL gave them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from portal.accounts import backends
from portal.accounts.models import User
from portal.accounts.roles import StudentIsNoStaff, administrators, is_administrator, is_staff_member
from portal.cases import operations
from portal.cases.models import Case
from portal.cases.states import Action
from portal.review.groups import GROUPS, OFFICERS
from portal.sessions.engine import AccountSession
from portal.staff_login import second_factor
from portal.staff_login.middleware import EXEMPT_VIEWS
from portal.staff_login.models import Authenticator
from tests import people
from tests.architecture.admin_table import ADMIN_ACCESS
from tests.architecture.admin_world import World, build, opens
from tests.architecture.test_admin_access import addresses, name_of
from tests.factories.cases import submitted
from tests.staff import logged_in, make_administrator, make_staff, with_password

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the files of its thumbnails to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning"),
]
PORTAL = Path(backends.__file__).parents[1]
OWN_PAGES = (
    "todo/",
    "account/profile/",
    "account/password/",
    "account/sessions/",
    "payments/",
    "downloads/permits/",
    "downloads/receipts/",
)


def by_sql(user: User, *, groups: bool = True, permissions: bool = True) -> User:
    """Rows of every group and of every permission, written past every form and signal."""
    if groups:
        joined = [User.groups.through(user=user, group=group) for group in Group.objects.all()]
        User.groups.through.objects.bulk_create(joined)
    if permissions:
        given = [User.user_permissions.through(user=user, permission=each) for each in Permission.objects.all()]
        User.user_permissions.through.objects.bulk_create(given)
    return User.objects.get(pk=user.pk)


# -- the definition ---------------------------------------------------------------------


@pytest.mark.parametrize("group", ["編輯", "總編輯", *GROUPS])
def test_a_member_of_each_group_made_by_the_form_is_staff_and_asked_for_the_second_factor(group: str) -> None:
    user = make_staff("member", group)
    assert (user.is_staff, is_staff_member(user), is_administrator(user)) == (False, True, False)
    client = Client()
    with_password(client, user)
    assert client.get("/admin/")["Location"] == "/admin/second-factor/?next=%2Fadmin%2F"
    assert logged_in(user).get("/admin/").status_code == 200


def test_the_column_is_staff_lets_nobody_in_and_nobody_past(officer: User) -> None:
    User.objects.create_user("column", password=people.PASSWORD, is_staff=True)
    column = User.objects.get(username="column")
    assert not is_staff_member(column)
    assert authenticate(None, username="column", password=people.PASSWORD) is None
    User.objects.filter(pk=officer.pk).update(is_staff=False)
    assert authenticate(None, username="officer", password=people.PASSWORD) == officer


def test_no_code_reads_the_column() -> None:
    readers = [
        path.relative_to(PORTAL).as_posix()
        for path in PORTAL.rglob("*.py")
        if re.search(r"\.is_staff\b|is_staff=", path.read_text()) and "migrations" not in path.parts
    ]
    assert readers == ["accounts/models.py", "accounts/roles.py"]  # a constraint, and a docstring that says so


def test_who_is_no_staff(owner: User, officer: User) -> None:
    assert not is_staff_member(AnonymousUser())
    assert not is_staff_member(owner)
    officer.is_active = False
    assert not is_staff_member(officer)
    administrator = make_administrator()
    assert is_administrator(administrator)
    assert list(administrators()) == [administrator]


def test_staff_made_by_the_form_decide(officer: User, owner: User) -> None:
    case = submitted(owner)
    assert Action.TAKE in operations.available_actions(case, actor=officer)


def test_staff_may_rest_longer_than_students(officer: User, owner: User) -> None:
    for user in (officer, owner):
        logged_in(user)
    idle = AccountSession.objects.filter(account__in=[officer, owner]).order_by("account").values_list("account", "idle")
    minutes = {officer.pk: dt.timedelta(minutes=30), owner.pk: dt.timedelta(minutes=15)}
    assert dict(idle) == minutes


# -- a student whom SQL made staff ------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.mark.parametrize("rows", [{"permissions": False}, {"groups": False}, {}], ids=["groups", "permissions", "both"])
@pytest.mark.slow
@pytest.mark.once
def test_the_students_matrix_holds_for_a_student_put_into_groups_by_sql(world: World, rows: dict[str, bool]) -> None:
    student = by_sql(User.objects.get(username="xiaoming"), **rows)
    client = logged_in(student)
    client.raise_request_exception = False
    let_in = {name_of(each) for each in addresses() if opens(client, world.fill(each.name, each.route))}
    assert let_in == {name for name, who in ADMIN_ACCESS.items() if "student" in who}
    assert let_in <= EXEMPT_VIEWS


def test_a_student_put_into_groups_by_sql_has_no_permission_and_no_officers_document(world: World, stranger: User) -> None:
    student = by_sql(stranger)
    assert (student.groups.count(), student.user_permissions.count()) == (Group.objects.count(), Permission.objects.count())
    assert student.get_all_permissions() == set()
    assert not student.has_perm("portal_cases.review_case")
    assert not student.has_module_perms("portal_cases")
    assert not is_staff_member(student)
    assert student not in backends.StaffBackend().with_perm("wagtailadmin.access_admin")
    client = logged_in(student)
    case = Case.objects.get(case_no=world.fillings["case_no"])
    document = f"/admin/cases/review/{case.case_no}/documents/{world.fillings['id']}/"
    assert client.get(document)["Location"].startswith("/admin/login/")
    assert client.post(f"/admin/cases/review/{case.case_no}/", {"action": "take"})["Location"].startswith("/admin/login/")
    with pytest.raises(operations.NotAllowed):
        operations.take(case, actor=student, version=case.version, now=case.submitted_at)
    for page in ("/admin/second-factor/", "/admin/second-factor/enrol/"):
        assert client.get(page)["Location"].startswith("/admin/login/")
        assert client.post(page, {"code": "123456"})["Location"].startswith("/admin/login/")
    assert second_factor.authenticator(student) is None


def test_at_the_admins_log_in_page_the_students_password_opens_nothing(owner: User) -> None:
    by_sql(owner)
    client = Client()
    assert client.post("/admin/login/", {"username": "xiaoming", "password": people.PASSWORD}).status_code == 200
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert not Authenticator.objects.filter(user=owner).exists()


def test_the_students_own_pages_go_on_working(owner: User) -> None:
    client = logged_in(by_sql(owner))
    for page in OWN_PAGES:
        assert client.get(f"/china-student/individual/{page}").status_code == 200, page


def test_a_document_for_a_group_is_a_missing_page_for_everybody(officer: User, owner: User) -> None:
    """The portal has no log-in for documents; a restriction that stands in the database all the same shuts it (ADR 0023)."""
    folder = Collection.get_first_root_node().add_child(name="內部")
    restriction = CollectionViewRestriction.objects.create(collection=folder, restriction_type="groups")
    restriction.groups.add(Group.objects.get(name=OFFICERS))
    paper = Document.objects.create(title="內部", file=ContentFile(b"%PDF-1.7", "inner.pdf"), collection=folder)
    for client in (Client(), logged_in(by_sql(owner)), logged_in(officer)):
        assert client.get(paper.url).status_code == 404


@pytest.mark.parametrize("give", ["groups", "group", "set", "permissions"])
def test_no_code_puts_a_student_into_a_group(owner: User, give: str) -> None:
    group, permission = Group.objects.get(name=OFFICERS), Permission.objects.get(codename="review_case")
    ways = {
        "groups": lambda: owner.groups.add(group),
        "group": lambda: group.user_set.add(owner),
        "set": lambda: owner.groups.set([group]),
        "permissions": lambda: owner.user_permissions.add(permission),
    }
    with pytest.raises(StudentIsNoStaff), transaction.atomic():
        ways[give]()
    assert not owner.groups.exists()
    assert not owner.user_permissions.exists()


def test_what_sql_wrote_can_be_taken_away(owner: User) -> None:
    student = by_sql(owner)
    student.groups.clear()
    student.user_permissions.clear()
    assert not student.groups.exists()
