"""設定 → 使用者: accounts of staff are made and kept here, accounts of students looked after. For administrators only."""
# mypy: allow-untyped-calls, disable-error-code="assignment, misc, no-any-return, override"
# Wagtail carries no types.

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.contrib.auth.models import Permission
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.views import users as wagtail_users

from portal.accounts.models import User
from portal.accounts.roles import is_administrator, is_staff_member
from portal.core import categories
from portal.staff_login import emails, operations, resets, second_factor

from .forms import TAKEN, StaffCreationForm, StaffEditForm, StudentEditForm

STUDENT_STAYS = "學生帳號不能刪除：它的案件與紀錄須保留。如不再使用，請改為停用。"
HAS_TRACES = "這個帳號經辦過案件或留有紀錄，不能刪除。如不再使用，請改為停用。"


class AdministratorsOnly(ModelPermissionPolicy):
    """Who keeps accounts could give themselves everything, so no group is given part of it."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return is_administrator(user)


def what_it_is(user: User) -> str:
    """身分, as the list and the person's page say it."""
    if user.is_student:
        closed = "" if user.is_active else "，待開通" if user.awaits_activation else "，已停用"
        return f"學生（{categories.get(user.category).name}{closed}）"
    if not user.is_active:
        return "人員（已停用）"
    if not is_staff_member(user):
        return "人員（無後臺權限）"
    return "系統管理人員" if user.is_superuser else "人員"


def set_up_state(user: User) -> str:
    """How far a member of staff has come with setting up."""
    if not user.has_usable_password():
        return "尚未設定：設定連結已寄出，設定完成前此帳號不能登入。"
    if second_factor.authenticator(user) is None:
        return "沒有驗證器：請寄送設定連結，設定完成前此帳號進不了管理後臺。"
    return "已設定密碼與驗證器。"


class UserFilterSet(wagtail_users.UserFilterSet):
    """Wagtail's, and which of the two lists is shown: staff, or students; staff where nothing is said."""

    kind = django_filters.ChoiceFilter(
        label="身分",
        choices=(("staff", "人員"), ("student", "學生")),
        method="of_kind",
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        asked = QueryDict(mutable=True) if data is None else data.copy()
        if not asked.get("q"):  # who searches finds anybody
            asked.setdefault("kind", "staff")
        super().__init__(asked, *args, **kwargs)

    def of_kind(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.exclude(category="") if value == "student" else queryset.filter(category="")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()


class IndexView(wagtail_users.IndexView):
    """The accounts, each marked as what it is."""

    add_item_label = "新增人員"

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(wagtail_users.UserColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            title("name", accessor=str, label="姓名", sort_key="chinese_name", get_url=self.get_edit_url, classname="name"),
            Column("username", label="帳號", sort_key="username", width="20%"),
            Column("kind", accessor=what_it_is, label="身分", sort_key="category", width="20%"),
            DateColumn("last_login", label="最近登入", sort_key="last_login", width="15%"),
        ]

    @cached_property
    def search_fields(self) -> set[str]:
        return {"username", "chinese_name", "email"}

    def order_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        return super(wagtail_users.IndexView, self).order_queryset(queryset)

    def get_delete_url(self, instance: User) -> str | None:
        return None if instance.is_student else super().get_delete_url(instance)


class CreateView(wagtail_users.CreateView):
    """新增人員: the account opens nothing until the mailed link was followed."""

    page_title = "新增人員"
    success_message = "已新增「%(object)s」，並寄出設定連結。連結 72 小時內有效；完成設定前，此帳號不能登入。"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:  # somebody took the name between our question and our writing
            form.add_error("username", TAKEN)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class EditView(wagtail_users.EditView):
    """One account: of staff with roles, of a student without."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = self.can_delete and not self.object.is_student

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except emails.Stays as stays:  # somebody asked for a reset between our question and our writing
            form.add_error("email", str(stays))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_form_class(self) -> type[forms.ModelForm[User]]:
        return StudentEditForm if self.object.is_student else StaffEditForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "account": self.object, **self._about()}

    def _about(self) -> dict[str, Any]:
        person, now = self.object, timezone.now()
        if person.is_student:
            return {"kind": what_it_is(person), "awaits_activation": person.awaits_activation}
        return {
            "kind": what_it_is(person),
            "set_up_state": set_up_state(person),
            "waiting_reset": resets.waiting(now).filter(person=person).first(),
            "has_authenticator": second_factor.authenticator(person) is not None,
        }


class DeleteView(wagtail_users.DeleteView):
    """A member of staff who left no trace may be deleted; everybody else's account is closed instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.is_student:
            return self._refused(STUDENT_STAYS)
        if operations.has_traces(self.object):  # said before anybody is asked whether they are sure
            return self._refused(HAS_TRACES)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            return self._refused(HAS_TRACES)

    def delete_action(self) -> None:
        with transaction.atomic():
            log(instance=self.object, action="wagtail.delete")
            operations.delete(self.object, now=timezone.now())

    def _refused(self, why: str) -> HttpResponse:
        if not is_administrator(self.request.user):
            return super().dispatch(self.request)
        messages.error(self.request, why)
        return redirect("wagtailusers_users:edit", self.object.pk)


class UserViewSet(wagtail_users.UserViewSet):
    """設定 → 使用者."""

    filterset_class = UserFilterSet
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    create_template_name = "portal/staff/user_create.html"
    edit_template_name = "portal/staff/user_edit.html"
    copy_view_enabled = False

    @property
    def permission_policy(self) -> AdministratorsOnly:
        return AdministratorsOnly(self.model)

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:
        return StaffEditForm if for_update else StaffCreationForm

    def get_permissions_to_register(self) -> models.QuerySet[Permission]:
        """None that a group could be given."""
        return Permission.objects.none()
