"""Two log-in pages, guarded: students log in at their category's page, staff at /admin/. Neither opens for the other."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import queries
from .login_guard import STAFF_REALM, NotActivated, guarded
from .models import User
from .password import one_time as one_time_passwords
from .roles import is_staff_member


class AccountBackend(ModelBackend):
    """What both log-in pages share: a student has no permission, whatever groups and permissions the rows give them."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set() if _is_student(user_obj) else super().get_user_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set() if _is_student(user_obj) else super().get_group_permissions(user_obj, obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those of the person and those of their groups in one question to the database, where Django asks two."""
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None or _is_student(user_obj):
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = user_obj.user_permissions.order_by()
            of_groups = Permission.objects.filter(group__in=user_obj.groups.all()).order_by()
            names = "content_type__app_label", "codename"
            both = own.values_list(*names).union(of_groups.values_list(*names))
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in both}
        return user_obj._perm_cache  # type: ignore[no-any-return]

    def with_perm(self, perm: Any, *args: Any, **kwargs: Any) -> QuerySet[User]:
        return super().with_perm(perm, *args, **kwargs).filter(category="")


def _is_student(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_student)


class StudentBackend(AccountBackend):
    """帳號 and 密碼 at the log-in page of `category`; an account of another category is as unknown."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        category: str = "",
        proof: int = 0,
        **kwargs: Any,
    ) -> User | None:
        if not category or username is None or password is None:
            return None
        return guarded(
            lambda: self._check(username, password, category),
            username=username,
            realm=category,
            request=request,
            now=timezone.now(),
            proof=proof,
            check_locked=lambda: self._check_one_time(username, password, category),
        )

    def _check(self, username: str, password: str, category: str) -> User | None:
        user = queries.student(username, category=category)
        if user is None:
            User().set_password(password)  # the same work for an unknown account
            one_time_passwords.consume(None, password, now=timezone.now())
            return None
        if not user.check_password(password) and not one_time_passwords.consume(user, password, now=timezone.now()):
            return None
        if user.awaits_activation:
            raise NotActivated
        return user if self.user_can_authenticate(user) else None

    def _check_one_time(self, username: str, password: str, category: str) -> User | None:
        """A one-time password cannot be guessed, so no lock keeps it out: the owner has it who shares an attacker's network."""
        user = queries.student(username, category=category)
        good = one_time_passwords.consume(user, password, now=timezone.now())
        return user if good and user and self.user_can_authenticate(user) else None


class StaffBackend(AccountBackend):
    """Staff at the admin's log-in page; who may not enter the admin does not log in there."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        category: str = "",
        proof: int = 0,
        **kwargs: Any,
    ) -> User | None:
        if category or username is None or password is None:
            return None
        return guarded(
            lambda: self._check(request, username, password, **kwargs),
            username=username,
            realm=STAFF_REALM,
            request=request,
            now=timezone.now(),
            proof=proof,
        )

    def _check(self, request: HttpRequest | None, username: str, password: str, **kwargs: Any) -> User | None:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        return user if isinstance(user, User) and is_staff_member(user) else None
