"""編輯此頁 on public pages, for who works in the admin. Everybody else gets pages that are kept, and the same for all."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page

from portal.cms.page_cache import STAFF_COOKIE


def mark(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A browser that is in the admin says so from now on, until somebody logs out. The mark opens nothing."""
    is_in = request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin")
    if is_in and STAFF_COOKIE not in request.COOKIES:
        response.set_cookie(STAFF_COOKIE, "1", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    elif not is_in and STAFF_COOKIE in request.COOKIES:
        response.delete_cookie(STAFF_COOKIE, samesite="Lax")
    return response


def edit_address(request: HttpRequest, page: Page) -> str:
    """Where this member of staff edits the page; "" for everybody else, of whom nothing is asked."""
    if STAFF_COOKIE not in request.COOKIES or not page.permissions_for_user(request.user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
