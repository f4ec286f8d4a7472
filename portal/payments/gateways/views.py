"""The addresses that gateways call: no session, no CSRF token, no redirect."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.payments import ledger, registry
from portal.payments.models import Payment
from portal.payments.protocol import Gateway, Raw

from . import returns

# Of the headers that prove a message; the length of its body is bounded in settings.BODY_LIMITS.
HEADERS_MAX, HEADER_LENGTH = 4, 1024


@csrf_exempt
@require_POST
def notify(request: HttpRequest, gateway: str) -> HttpResponse:
    """A notice 通知: booked before it is answered; the answer is the gateway's exact words."""
    carrier = _gateway(gateway)
    now = timezone.now()
    answer = carrier.answer(ledger.receive(gateway, Raw(_headers(request), request.body, now), now=now))
    return HttpResponse(answer.body, status=answer.status, content_type="text/plain")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def gateway_return(request: HttpRequest, gateway: str) -> HttpResponse:
    """The browser returns: to the result page, and nothing it brings is believed."""
    _gateway(gateway)
    reference = returns.reference_of(request.GET.get("reference", ""))
    payment = get_object_or_404(Payment.objects.select_related("bill__owner"), reference=reference, gateway=gateway)
    with translation.override(payment.bill.owner.language):  # a bank's address says none
        result = reverse("payments:result", args=[payment.bill.category, payment.bill.number])
    return HttpResponse(status=303, headers={"Location": result})


def _gateway(code: str) -> Gateway:
    try:
        return registry.gateway(code)
    except registry.NotConfigured as error:
        raise Http404 from error


def _headers(request: HttpRequest) -> dict[str, str]:
    """What proves a message, and nothing of a visitor: few, short, and such as PostgreSQL's JSON can hold."""
    proofs = [(name, value) for name, value in request.headers.items() if name == "Content-Type" or name.endswith("-Signature")]
    return {name[:100]: "".join(filter(str.isprintable, value[:HEADER_LENGTH])) for name, value in sorted(proofs)[:HEADERS_MAX]}
