"""What may be done to several accounts at once. Wagtail's actions, by this portal's operations and for administrators only."""
# mypy: allow-untyped-calls, disable-error-code="assignment, misc, no-any-return, override"
# Wagtail carries no types.

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin import messages
from wagtail.users.views import bulk_actions

from portal.accounts.models import User
from portal.accounts.roles import is_administrator
from portal.staff_login import operations

from . import students
from .users import HAS_TRACES, AdministratorsOnly


class ForAdministrators:
    """Whom each action leaves out is listed on its page, and why."""

    permission_policy = AdministratorsOnly(User)
    request: Any

    def check_perm(self, account: User) -> bool:
        return is_administrator(self.request.user) and self.is_possible(account)

    def is_possible(self, account: User) -> bool:
        return not account.is_student


class AssignRole(ForAdministrators, bulk_actions.AssignRoleBulkAction):
    """指定群組: of staff only."""

    template_name = "portal/staff/bulk_assign_role.html"


class SetActiveState(ForAdministrators, bulk_actions.SetActiveStateBulkAction):
    """停用, 啟用: each is notified. Who never activated their account is left out."""

    template_name = "portal/staff/bulk_set_active_state.html"

    def is_possible(self, account: User) -> bool:
        return not (account.is_student and account.awaits_activation)

    @classmethod
    def execute_action(
        cls, objects: Iterable[User], mark_as_active: bool = False, user: User | None = None, **kwargs: Any
    ) -> tuple[int, int]:
        changed = [account for account in objects if account != user and account.is_active != mark_as_active]
        for account in changed:
            area: Any = students if account.is_student else operations
            area.set_active(account, mark_as_active, now=timezone.now())
        return len(changed), 0


class Delete(ForAdministrators, bulk_actions.DeleteBulkAction):
    """刪除: of staff who left no trace."""

    template_name = "portal/staff/bulk_delete.html"

    def check_perm(self, account: User) -> bool:
        return super().check_perm(account) and account != self.request.user

    @classmethod
    def execute_action(cls, objects: Iterable[User], **kwargs: Any) -> tuple[int, int]:
        members = list(objects)
        with transaction.atomic():
            for member in members:
                operations.delete(member, now=timezone.now())
        return len(members), 0

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, HAS_TRACES)
            return redirect(self.next_url)


ACTIONS = (AssignRole, SetActiveState, Delete)
