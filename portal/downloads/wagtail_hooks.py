"""A receipt's PDF in the admin, for cashiers."""

import logging

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.auth import permission_required

from portal.core.files import private_file_response
from portal.payments.models import Receipt

from . import operations

log = logging.getLogger("portal.downloads")


@never_cache
@require_safe
@permission_required("portal_payments.view_receipt")  # type: ignore[untyped-decorator]
def receipt(request: HttpRequest, number: str) -> HttpResponseBase:
    """電子收據, to look at in the browser; one that was voided is no more printed."""
    found = get_object_or_404(Receipt, number=number)
    log.info("user %s reads receipt %s", request.user.pk, found.pk)
    try:
        document = operations.issue_receipt(found)
    except operations.NotIssuable:
        raise Http404 from None
    except operations.RenderError:
        return render(request, "portal/downloads/render_error.html", {"name": "收據"}, status=503)
    filename = f"收據-{document.number}.pdf"
    return private_file_response(document.file, filename=filename, content_type="application/pdf", inline=True)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def receipt_url() -> list[URLPattern]:
    return [path("money/receipts/<str:number>.pdf", receipt, name="cashier-receipt")]
