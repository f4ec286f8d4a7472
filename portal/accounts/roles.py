"""Staff 人員: who may enter the admin. Everything that asks whether somebody is staff asks here; `User.is_staff` is not read."""

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

if TYPE_CHECKING:
    from .models import User

ACCESS_ADMIN: Final = "wagtailadmin.access_admin"


class StudentIsNoStaff(PermissionDenied):
    """A student can be in no group of staff and be given no permission. Wagtail's admin answers it with a message."""


def is_staff_member(user: Any) -> bool:
    """Whether that is an open account, no student's, that may enter the admin by its groups or as an administrator."""
    return bool(user.is_authenticated and user.is_active and not user.is_student and user.has_perm(ACCESS_ADMIN))


def is_administrator(user: Any) -> bool:
    """Whether that is 系統管理人員: only they keep the accounts."""
    return is_staff_member(user) and user.is_superuser


def administrators() -> "QuerySet[User]":
    """系統管理人員 whose account is open."""
    from .models import User  # the models know this module's exception

    return User.objects.filter(is_superuser=True, is_active=True, category="")
