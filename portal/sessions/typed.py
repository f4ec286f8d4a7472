"""Nothing typed is lost when a log-in ends first.

Where we know whose log-in it was, what was posted waits in the new session, for that account and the address it was meant for.
Where we do not (after a log-out the browser has forgotten it), nothing is written down: it goes back with the answer, and stays
in the tab in which it was typed. So nobody is shown what another typed.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from portal.core.site import typed
from portal.core.site.typed import Typed
from portal.throttling.quotas import Quota

from .engine import session_of

KEY: Final = "typed"
# Of these only the browser keeps a copy: the number of the payer goes to the bank and nowhere else.
NOT_WRITTEN_DOWN: Final = frozenset({"payer_id"})
# A sum of characters. What a student types into the longest form is a tenth of it; a page of the CMS is longer.
MOST, MOST_OF_STAFF = 32 * 1024, 512 * 1024
OF_ACCOUNT = Quota("typed.account", 5, timedelta(minutes=15))
# The second button of the page that shows what waited.
DROP: Final = "typed-drop"


def refused(request: HttpRequest, log_in: Callable[[], HttpResponse], *, account: int | None = None) -> HttpResponse:
    """The answer to a request that needs a log-in and has none (any more): `log_in` leads there, and back here afterwards."""
    if typed.is_by_script(request):  # the page stays, with what is typed there
        return HttpResponse(status=401)
    if request.method != "POST" or not (posted := typed.of(request)) or _keep(request, posted, account):
        return log_in()
    return typed.page(request, "portal/errors/ended.html", posted, status=403, login=log_in().headers["Location"])


def _keep(request: HttpRequest, posted: Typed, account: int | None) -> bool:
    """Whether it waits: for whom we know, so many times and so much of it."""
    whose = account or session_of(request).ended_account
    most = MOST_OF_STAFF if request.path_info.startswith("/admin/") else MOST
    size = sum(len(name) + sum(map(len, values)) for name, values in posted.items())
    if whose is None or size > most or NOT_WRITTEN_DOWN & posted.keys() or not OF_ACCOUNT.take(str(whose), now=timezone.now()):
        return False
    request.session[KEY] = {"path": request.path, "typed": posted, "account": whose}
    return True


def is_kept(request: HttpRequest) -> bool:
    """Whether something waits for this page, whoever logs in."""
    return (request.session.get(KEY) or {}).get("path") == request.path


def waiting(request: HttpRequest) -> Typed:
    """What was typed on this page when the log-in of this account had ended."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    is_theirs = kept.get("path") == request.path and kept.get("account") == request.user.pk
    return kept["typed"] if is_theirs else {}


def take(request: HttpRequest) -> Typed:
    """The same, for who keeps it from now on."""
    found = waiting(request)
    if found:
        del request.session[KEY]
    return found


def answer(request: HttpRequest) -> HttpResponse | None:
    """Before the view of a page, of who is logged in: what waited for this page is shown, until it is sent again or dropped."""
    if not waiting(request):
        return None
    if request.method != "POST":
        return shown(request)
    take(request)
    return redirect(request.get_full_path()) if DROP in request.POST else None


def shown(request: HttpRequest) -> HttpResponse:
    """The page with what waited."""
    return typed.page(request, "portal/errors/waiting.html", waiting(request), status=200, drop=DROP)
