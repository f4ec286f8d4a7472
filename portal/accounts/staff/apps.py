"""Wagtail's users app with this portal's pages for accounts."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "portal.accounts.staff.users.UserViewSet"
