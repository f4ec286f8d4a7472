"""The standing people can be made."""

from portal.accounts.models import User


def test_owner_and_stranger_are_two_students_of_one_category(owner: User, stranger: User) -> None:
    assert (owner.category, stranger.category) == ("china-student", "china-student")
