"""Permissions in words: Django writes their names into the database once, in English (「Can lock」)."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from wagtail.users.forms import PagePermissionsForm

# In the order in which a codename is looked at: `bulk_delete_page` does not begin with `delete_`.
_DEEDS: Final = {
    "add_": "新增",
    "change_": "修改",
    "delete_": "刪除",
    "bulk_delete_": "連同下層刪除",
    "view_": "檢視",
    "publish_": "發布",
    "lock_": "鎖定",
    "unlock_": "解除鎖定",
}


def in_words(permissions: QuerySet[Permission]) -> QuerySet[Permission]:
    """The same permissions, each with a name in Chinese while it is shown."""
    shown = permissions.select_related("content_type")
    shown._iterable_class = _Named  # as `values()` of Django sets its own
    return shown


class _Named(ModelIterable):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        for permission in super().__iter__():
            permission.name = _name(permission)
            yield permission


def _name(permission: Permission) -> str:
    """Names that are not Django's and Wagtail's own are ours, and Chinese."""
    deed = next((word for begin, word in _DEEDS.items() if permission.codename.startswith(begin)), "")
    is_theirs = permission.name.isascii() or permission.name.startswith("Can ")
    return f"{deed}{permission.content_type.name}" if deed and is_theirs else permission.name


_pages: Any = PagePermissionsForm.base_fields["permissions"]
_pages.queryset = in_words(_pages.queryset)
PagePermissionsForm.base_fields["page"].label = "頁面"
