"""A log-in begins a session, whichever log-in page it came through; an account follows the record that was put right."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.records.signals import record_corrected
from portal.sessions import devices as sessions_open
from portal.sessions.engine import session_of
from portal.throttling.network import client_network

from .models import User
from .operations import follow_records
from .roles import is_staff_member


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """When, from where, with which browser; staff may rest longer than students."""
    sessions_open.end_oldest(user)
    seconds = settings.STAFF_SESSION_AGE if is_staff_member(user) else settings.SESSION_COOKIE_AGE
    session_of(request).begin(
        network=client_network(request),
        agent=request.headers.get("User-Agent", "")[:300],
        idle=timedelta(seconds=seconds),
        now=timezone.now(),
    )


@receiver(record_corrected)
def follow(category: str, ui_no: str, changes: dict[str, str], **kwargs: Any) -> None:
    """A clerk put the record right: the account that has its name from there follows."""
    for user in User.objects.filter(category=category, ui_no=ui_no):
        follow_records(user, changes)
