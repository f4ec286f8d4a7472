"""待辦事項 and 案件詳細資料."""

from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.accounts.login_guard import last_log_in
from portal.cases import kinds
from portal.cases.queries import cases_of
from portal.cases.states import DUE, RETURNED, WITHDRAWABLE, Status
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response
from portal.editorial.declaration_versions import declaration_version
from portal.forms.presentation import sections
from portal.office_calendar import ics
from portal.payments.queries import with_money
from portal.payments.states import BillState

from . import copies, queries
from .history import steps_of
from .wording import collection, missing, opinion, what_next

CORRECT_BY = gettext_lazy("補正(件)期限：收件號 {number}")
PAY_BY = gettext_lazy("繳費期限：收件號 {number}")


@require_safe
@student_required
def todo(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """待辦事項: one tab 頁籤 a kind (圖 14, 24, 34, 43, 44)."""
    offered = list(kinds.of_category(category.slug))
    if not offered:
        return render(request, "portal/my_cases/not_open.html")
    tabs = queries.todo(request.user, offered, request.GET.get("tab", ""), today=timezone.localdate())
    return render(request, "portal/my_cases/todo.html", {"tabs": tabs, "last_log_in": last_log_in(request, request.user)})


@require_safe
@student_required
def case(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponse:
    """案件詳細資料 with its files (圖 54)."""
    found = get_object_or_404(with_money(cases_of(request.user)), case_no=case_no)
    over = queries.is_over(found, timezone.localdate())
    state = found.went_back  # type: ignore[attr-defined]  # annotated
    documents = list(found.documents.all())
    current = [document for document in documents if document.replaced_at is None]
    context = {
        "case": found,
        "sections": sections(found.kind, found.answers, found.applicant),
        "documents": current,
        "timeline": steps_of(found, documents),
        "what_next": what_next(found, is_overdue=over),
        "went_back": BillState(state) if state else None,
        "is_overdue": over,
        "collection": collection(found),
        "opinion": opinion(found),
        "missing": missing(found, current),
        "is_returned": found.status in RETURNED and not over,
        "is_due": found.status in DUE and not over,
        "is_withdrawable": found.status in WITHDRAWABLE,
        "declaration": declaration_version(found.declaration_version),
    }
    return render(request, "portal/my_cases/case.html", context)


@require_GET
@student_required
def deadline(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponse:
    """加入行事曆: until when the case is to be corrected, or paid for."""
    found = get_object_or_404(cases_of(request.user).filter(status__in=DUE, deadline__isnull=False), case_no=case_no)
    day = found.deadline or timezone.localdate()
    address = settings.BASE_URL + reverse("my_cases:case", args=[category, found.case_no])
    said = PAY_BY if found.status == Status.AWAITING_PAYMENT else CORRECT_BY
    summary = format_lazy(said, number=found.case_no)
    return ics.response(
        ics.whole_day(f"deadline-{found.uid}", day, summary, address=address, now=timezone.now()), filename=f"{found.case_no}.ics"
    )


@require_safe
@student_required
def application_copy(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """申請書副本: what was sent, as PDF, in the language of the page."""
    found = get_object_or_404(cases_of(request.user), case_no=case_no)
    try:
        content = copies.draw(found, language=get_language())
    except copies.Undrawable as undrawable:
        context = {"case": found, "characters": str(undrawable)}
        return render(request, "portal/my_cases/copy_error.html", context, status=503)
    filename = f"{_('申請書副本')}-{found.case_no}.pdf"
    return private_file_response(ContentFile(content), filename=filename, content_type="application/pdf")


@require_safe
@student_required
def document(request: StudentRequest, category: StudentCategory, case_no: str, id: UUID) -> HttpResponseBase:
    """One file of 應檢附文件, as it was sent."""
    found = get_object_or_404(cases_of(request.user), case_no=case_no)
    wanted = get_object_or_404(found.documents, uid=id)
    try:
        return private_file_response(wanted.file, filename=wanted.download_name, content_type=wanted.content_type)
    except FileNotFoundError:
        raise Http404 from None
