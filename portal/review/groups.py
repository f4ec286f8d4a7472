"""Groups of staff 人員群組."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

OFFICERS = "審查人員"


def create_officers(**kwargs: Any) -> None:
    """Make the group 審查人員 where there is none yet. What an administrator changes in it stays."""
    group, is_new = Group.objects.get_or_create(name=OFFICERS)
    if is_new:
        group.permissions.set(
            [
                _permission("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
                _permission("cases", "case", "review_case", "審核案件"),
            ]
        )


def _permission(app_label: str, model: str, codename: str, name: str) -> Permission:
    # Wagtail makes its own permission after ours is asked for.
    content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
    permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
    return permission
