"""Wagtail's users app with this portal's pages for accounts and groups."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "portal.staff_login.users.users.UserViewSet"
    group_viewset = "portal.staff_login.users.groups.GroupViewSet"
