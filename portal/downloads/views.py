"""下載專區, and the public verification of what was downloaded there."""

from collections.abc import Callable
from hashlib import file_digest

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.accounts.forms import CaptchaForm
from portal.accounts.login_guard import VERIFICATION
from portal.cases.models import Case
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response
from portal.payments.queries import receipt_of
from portal.throttling.limits import MoreProof
from portal.throttling.network import client_network

from . import operations, queries, verification
from .forms import DownloadQueryForm, VerificationCodeForm, VerifiedFileForm
from .models import IssuedDocument


@require_safe
@student_required
def permits(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """許可證下載 (圖 77, 78): all of one's own at once; the query narrows them."""
    return _listed(request, "portal/downloads/permits.html", queries.permits_of(request.user))


@require_safe
@student_required
def receipts(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """收據下載 (圖 82, 83)."""
    return _listed(request, "portal/downloads/receipts.html", queries.receipts_of(request.user, today=timezone.localdate()))


@require_safe
@student_required
def permit_pdf(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """電子入出境許可證 PDF 檔案下載(或直接開啟瀏覽) (圖 79)."""
    case = get_object_or_404(queries.permits_of(request.user), case_no=case_no)
    return _sent(request, _("入出境許可證"), lambda: operations.issue_permit(case))


@require_safe
@student_required
def receipt_pdf(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """電子收據 PDF 檔案下載(或直接開啟瀏覽) (圖 84)."""
    today = timezone.localdate()
    case = get_object_or_404(queries.receipts_of(request.user, today=today), case_no=case_no)
    receipt = receipt_of(case)
    if receipt is None or not receipt.is_available(today):
        raise Http404
    return _sent(request, _("收據"), lambda: operations.issue_receipt(receipt))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """查驗: what the QR code opens. The code cannot be guessed; a network that tries all the same is asked for a 驗證碼."""
    network, now = client_network(request), timezone.now()
    form = _proof_form(request, step=queries.verification_step(network, now=now))
    try:
        found = queries.verify(code, network=network, proof=_proof_of(form), now=now)
    except MoreProof as needed:
        if form.is_bound and form.is_valid():
            form.ask_more(needed)
        response = render(request, "portal/downloads/verify_proof.html", {"form": form})
    else:
        response = render(
            request,
            "portal/downloads/verify.html",
            {"found": found, "sample": settings.DOCUMENT_SAMPLE, "form": VerificationCodeForm()},
            status=200 if found else 404,
        )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify_file(request: HttpRequest) -> HttpResponse:
    """查驗電子檔: the signature and every byte of a file that somebody was given."""
    network, now = client_network(request), timezone.now()
    form = VerifiedFileForm(request.POST or None, request.FILES or None)
    step = queries.verification_step(network, now=now)
    proof_form = _proof_form(request, step=step, file=form.files.get("file")) if step else None
    found = None
    if (proof_form is None or proof_form.is_valid()) and form.is_valid():
        proof = _proof_of(proof_form) if proof_form else 0
        found = verification.verify_file(form.cleaned_data["file"], network=network, proof=proof, now=now)
    context = {"form": form, "proof_form": proof_form, "file": found, "found": found and found.document}
    response = render(request, "portal/downloads/verify_file.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _proof_form(request: HttpRequest, *, step: int, file: "UploadedFile[bytes] | None" = None) -> CaptchaForm:
    answered = request.method == "POST" and "refresh" not in request.POST
    about = file_digest(file, "sha256").hexdigest() if file else ""
    if file:
        file.seek(0)
    return CaptchaForm(request.POST if answered else None, request=request, realm=VERIFICATION, step=step, about=about)


def _proof_of(form: CaptchaForm) -> int:
    return form.proof if form.is_bound and form.is_valid() else 0


@require_safe
def verify_typed(request: HttpRequest) -> HttpResponse:
    """查驗, for who has the paper but no camera."""
    form = VerificationCodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("verification:verify", form.cleaned_data["code"])
    return render(request, "portal/downloads/verify_typed.html", {"form": form})


def _listed(request: StudentRequest, template: str, cases: QuerySet[Case]) -> HttpResponse:
    asked = any(name in request.GET for name in DownloadQueryForm.base_fields)
    form = DownloadQueryForm(request.GET if asked else None)
    if asked:
        cases = form.narrow(cases) if form.is_valid() else cases.none()
    context = {"form": form, "cases": cases, "asked": asked}
    return render(request, template, context)


def _sent(request: StudentRequest, name: str, issue: Callable[[], IssuedDocument]) -> HttpResponseBase:
    try:
        document = issue()
    except operations.RenderError:
        return render(request, "portal/downloads/render_error.html", {"name": name}, status=503)
    filename = f"{name}-{document.number}.pdf"
    return private_file_response(document.file, filename=filename, content_type="application/pdf", inline="open" in request.GET)
