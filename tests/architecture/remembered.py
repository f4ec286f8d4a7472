"""Who asks every address of the admin in turn is read from the database once, with their permissions, not thousands of times."""

from copy import copy
from typing import Any, ClassVar

from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client
from pytest_django import Settings

from portal.accounts.backends import StaffBackend
from portal.accounts.models import User


class Once(StaffBackend):
    """StaffBackend, which answers as it did the first time. For worlds in which nobody's permissions change."""

    people: ClassVar[dict[int, User]] = {}

    def get_user(self, user_id: int) -> Any:
        if user_id not in self.people:
            found = super().get_user(user_id)
            assert isinstance(found, User)
            found.get_all_permissions()  # kept in the object
            self.people[user_id] = found
        return copy(self.people[user_id])


def read_once(client: Client, settings: Settings) -> Client:
    """The same browser, whose person is read once from now on."""
    Once.people.clear()
    name = f"{Once.__module__}.{Once.__qualname__}"
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, name]
    session = client.session
    if BACKEND_SESSION_KEY in session:
        session[BACKEND_SESSION_KEY] = name
        session.save()
    return client
