"""A student is put into no group and given no permission, whichever form, action or command tries. (Rows written by SQL give
nothing either: `backends.AccountBackend`.)"""

from typing import Any

from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from portal.accounts.models import User
from portal.accounts.roles import StudentIsNoStaff


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def refuse_students(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """From either side: `user.groups.add(group)` and `group.user_set.add(user)`."""
    if action != "pre_add":
        return
    users = User.objects.filter(pk__in=pk_set or ()) if reverse else User.objects.filter(pk=instance.pk)
    if users.exclude(category="").exists():
        raise StudentIsNoStaff("學生帳號不能加入人員群組，也不能有後臺權限。")
