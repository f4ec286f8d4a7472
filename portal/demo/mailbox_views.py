"""The demo's mailbox: every email that the portal wrote, whoever it is for."""

import uuid

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.mail.models import OutgoingMail

EMAILS_A_PAGE = 50


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """All emails, the newest first."""
    _only_in_a_demo()
    page = Paginator(OutgoingMail.objects.all(), EMAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/demo/mailbox.html", {"page": page})


@require_safe
@never_cache
def email(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """One email, its links ready to be followed."""
    _only_in_a_demo()
    return render(request, "portal/demo/mailbox_email.html", {"email": get_object_or_404(OutgoingMail, message_id=message_id)})


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404
