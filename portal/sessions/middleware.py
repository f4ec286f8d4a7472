"""A page that a person asks for prolongs their log-in; what a page asks for by itself does not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.core.site.typed import is_by_script

from .engine import session_of

# How much time is left (its own 繼續使用 prolongs), and Wagtail's question, every ten seconds, who else edits a page.
BACKGROUND_VIEWS = frozenset({"accounts:session", "wagtailadmin_editing_sessions:ping"})


class ActivityMiddleware:
    """Stands inside SessionMiddleware. A page that reads no session, as those of the CMS, writes none either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = session_of(request)
        if session.accessed and not _is_background(request):
            session.touch(timezone.now())
        # What is typed on the page is still to come, and waits for whose log-in it was (typed).
        is_untouched = session.accessed and not session.modified
        asks_by_itself = is_by_script(request) or _is_background(request)
        session.keeps_key = is_untouched and asks_by_itself and session.ended_account is not None
        return response


def _is_background(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in BACKGROUND_VIEWS
