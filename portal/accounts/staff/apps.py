"""Wagtail's users app with this portal's pages for accounts and groups."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "portal.accounts.staff.users.UserViewSet"
    group_viewset = "portal.accounts.staff.groups.GroupViewSet"
