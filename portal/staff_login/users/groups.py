"""設定 → 群組: what a group may do is laid down by administrators only."""
# mypy: allow-untyped-calls, disable-error-code="misc, no-any-return"
# Wagtail carries no types.

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.users.forms import GroupForm as WagtailGroupForm
from wagtail.users.views.groups import GroupViewSet as WagtailGroupViewSet

from portal.fields.cleaning import CleanForm
from portal.fields.row_forms import RowForm

from .permission_words import in_words
from .users import AdministratorsOnly


class GroupForm(RowForm, CleanForm, WagtailGroupForm):
    """With the names of permissions in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].queryset = in_words(self.registered_permissions)  # type: ignore[attr-defined]


class GroupViewSet(WagtailGroupViewSet):
    """Who may change a group could tick everything in their own, so no group is given part of it, as with accounts."""

    edit_template_name = "portal/staff/group_edit.html"

    @property
    def permission_policy(self) -> AdministratorsOnly:
        return AdministratorsOnly(self.model)

    def get_form_class(self, for_update: bool = False) -> type[GroupForm]:
        return GroupForm

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """None that a group could be given."""
        return Permission.objects.none()
