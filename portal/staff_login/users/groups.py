"""設定 → 群組: what a group may do is laid down by administrators only."""
# mypy: allow-untyped-calls, disable-error-code="misc, no-any-return"
# Wagtail carries no types.

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.users.views.groups import GroupViewSet as WagtailGroupViewSet

from .users import AdministratorsOnly


class GroupViewSet(WagtailGroupViewSet):
    """Who may change a group could tick everything in their own, so no group is given part of it, as with accounts."""

    @property
    def permission_policy(self) -> AdministratorsOnly:
        return AdministratorsOnly(self.model)

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """None that a group could be given."""
        return Permission.objects.none()
