"""Fixtures that every test may ask for."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from portal.accounts.models import User
from portal.records.models import Applicant, Permit

from . import people
from .flush import flush_empties_append_only_tables as flush_empties_append_only_tables


@pytest.fixture
def wang(db: None) -> Applicant:
    """王小明 in the records, with a single-entry permit."""
    found = people.applicant()
    people.single_permit(found)
    return found


@pytest.fixture
def chen(db: None) -> Applicant:
    """陳美玲 in the records."""
    return people.applicant(
        ui_no="A990000013",
        chinese_name="陳美玲",
        english_name="CHEN, MEILING",
        gender="1",
        travel_document_no="T20000002",
        student_no="B115000002",
    )


@pytest.fixture
def single_permit(wang: Applicant) -> Permit:
    return wang.permits.get()


@pytest.fixture
def owner(wang: Applicant) -> User:
    """王小明's account."""
    return people.student(wang)


@pytest.fixture
def stranger(chen: Applicant) -> User:
    """陳美玲's account: same category, nothing to do with 王小明's case."""
    return people.student(chen, "meiling")


@pytest.fixture
def officer(db: None) -> User:
    """An officer of the agency."""
    found = User.objects.create_user("officer", password=people.PASSWORD, is_staff=True)
    found.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return found


def logged_in(user: User) -> Client:
    client = Client()
    backend = "portal.accounts.backends.StudentBackend" if user.is_student else "portal.accounts.backends.StaffBackend"
    client.force_login(user, backend=backend)
    return client


@pytest.fixture
def owner_client(owner: User) -> Client:
    return logged_in(owner)


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    return logged_in(stranger)


@pytest.fixture
def officer_client(officer: User) -> Client:
    return logged_in(officer)
