"""待辦事項 and 案件詳細資料."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.accounts.login_guard import last_log_in
from portal.cases import kinds
from portal.cases.queries import cases_of, current_documents, is_overdue
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response
from portal.editorial.declaration_versions import declaration_version
from portal.forms.presentation import sections
from portal.office_calendar import queries as office_calendar

from . import copies, queries
from .wording import collection, missing, opinion, timeline, what_next


@require_safe
@student_required
def todo(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """待辦事項: one tab 頁籤 a kind (圖 14, 24)."""
    offered = list(kinds.of_category(category.slug))
    if not offered:
        return render(request, "portal/my_cases/not_open.html")
    shown = queries.todo(request.user, offered, request.GET.get("tab", ""), today=timezone.localdate())
    return render(request, "portal/my_cases/todo.html", {"todo": shown, "last_log_in": last_log_in(request, request.user)})


@require_safe
@student_required
def case(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponse:
    """案件詳細資料(含應備文件檔案) (圖 54)."""
    found = get_object_or_404(cases_of(request.user), case_no=case_no)
    over = is_overdue(found, timezone.localdate(), office_calendar.current())
    context = {
        "case": found,
        "sections": sections(found.kind, found.answers, found.applicant),
        "documents": current_documents(found),
        "timeline": timeline(found),
        "what_next": what_next(found, is_overdue=over),
        "is_overdue": over,
        "collection": collection(found),
        "opinion": opinion(found),
        "missing": missing(found),
        "declaration": declaration_version(found.declaration_version),
    }
    return render(request, "portal/my_cases/case.html", context)


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
