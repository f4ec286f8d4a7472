"""What the database itself holds about accounts."""

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from tests import people


def test_a_username_is_kept_in_half_width_lower_case(db: None) -> None:
    assert User.objects.create_user(" Ｗang").username == "wang"


def test_the_database_refuses_capitals(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Wang")


def test_staff_are_found_whatever_case_is_typed(officer: User) -> None:
    assert User.objects.get_by_natural_key("OFFICER") == officer


def test_a_student_is_never_staff(owner: User) -> None:
    owner.is_staff = True
    with pytest.raises(IntegrityError), transaction.atomic():
        owner.save()


def test_one_account_for_a_person_and_category(owner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("second", category=people.CATEGORY, ui_no=owner.ui_no)
    User.objects.create_user("second", category="other-student", ui_no=owner.ui_no)
