"""Refuse what is too big before anybody reads it; only who is logged in, or was until just now, may send files."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from portal.throttling.body_limits import announced, limit_of, refuse

from .engine import session_of

# gunicorn's limit_request_line less its verb and version; other servers have none.
ADDRESS_MAX: Final = 4000


class BodyLimitMiddleware:
    """Stands inside SessionMiddleware and before whatever reads a body (CSRF does)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) + len(request.path_info) > ADDRESS_MAX:
            return refuse(request, 414)
        size = announced(request)
        if size is None:
            return refuse(request, 411)
        if size > settings.BODY_LIMIT or size > limit_of(request.path_info).bytes:
            return self._big(request, size)
        return self.get_response(request)

    def _big(self, request: HttpRequest, size: int) -> HttpResponse:
        """Whether it is logged in is asked only here: it takes a query."""
        limit = limit_of(request.path_info)
        if size > limit.bytes:
            return refuse(request, 413, is_known=_is_known(request))
        if limit.members_only and not _is_known(request):
            return refuse(request, 413, logged_in=False)
        return self.get_response(request)


def _is_known(request: HttpRequest) -> bool:
    """Logged in, or so until the session ended while they were filling the page: what they typed is to be kept."""
    return SESSION_KEY in request.session or session_of(request).ended_account is not None
