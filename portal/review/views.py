"""The decision page: one page for one case, which an officer never has to leave."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import any_permission_required, permission_denied, permission_required

from portal.accounts.models import User
from portal.cases import approvals, operations
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, Obstacle, StaleCase, Unaccepted
from portal.cases.states import ACTION_LABELS, Action
from portal.core.files import private_file_response

from . import drafts, reasons
from . import operations as beside
from .corrections import CorrectForm, may_be_corrected
from .decision_page import DecisionPage
from .forms import FORMS, ApproveForm, NoteForm
from .queries import ASSIGN_CASE, REVIEW_CASE, VIEW_CASE, with_people

STALE = "這件案件剛被別人處理過。請先看目前的狀態，再決定下一步；您填寫的內容還在。"
NOT_ALLOWED = "以案件目前的狀態，您不能執行這個動作；您填寫的內容還在。"
UNACCEPTED = "還有沒勾選的審查發現，請逐項確認後再核准。"
NOTHING_WAITS = "目前沒有待審核的案件。"
SAVED = "已暫存"
PERFORM: dict[Action, Any] = {action: getattr(operations, action.value) for action in FORMS}
PANELS: dict[Action, str] = {
    Action.APPROVE: "approve",
    Action.ASK_CORRECTION: "return",
    Action.ASK_SUPPLEMENT: "return",
    Action.REJECT: "reject",
    Action.ASSIGN: "assign",
    Action.DECLINE_EXTENSION: "decline",
}
# After these the case is off the officer's hands, and so is what was typed.
ENDS_THE_DRAFT = frozenset({Action.APPROVE, Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT, Action.REJECT})


class StaffRequest(HttpRequest):
    """A request inside the admin: somebody is logged in."""

    user: User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def decision(request: StaffRequest, case_no: str) -> HttpResponse:
    """One page for one case: read, compare, decide."""
    page = _page(request, case_no)
    if request.method == "POST":
        return _post(request, page)
    page.panel, page.correcting = request.GET.get("open", ""), request.GET.get("correct", "")
    return _show(request, page)


@never_cache
@require_safe
@xframe_options_sameorigin
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def document(request: StaffRequest, case_no: str, id: UUID) -> HttpResponseBase:
    """One file of 應檢附文件, to look at in the browser: in a tab of its own, or in the viewer of the decision page."""
    case = get_object_or_404(Case, case_no=case_no)
    wanted = get_object_or_404(case.documents, uid=id)
    beside.record_read(request.user, case, wanted, now=timezone.now())
    return _file(wanted.file, wanted.download_name, wanted.content_type)


@never_cache
@require_safe
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def paper(request: StaffRequest, case_no: str, number: str) -> HttpResponseBase:
    """A permit that was issued to the case."""
    case = get_object_or_404(Case, case_no=case_no)
    issued = get_object_or_404(case.issued_documents.exclude(file=""), number=number)
    beside.record_read(request.user, case, now=timezone.now())
    return _file(issued.file, f"{issued.number}.pdf", "application/pdf")


@never_cache
@require_POST
@permission_required(REVIEW_CASE)  # type: ignore[untyped-decorator]
def preview(request: StaffRequest, case_no: str) -> HttpResponse:
    """What the permit will print, as the case would be approved with what is typed now."""
    case, now = get_object_or_404(Case, case_no=case_no), timezone.now()
    beside.record_read(request.user, case, now=now)
    form = ApproveForm(case, request.POST, now=now)
    decided = form.decision.decision() if form.decision is not None and form.decision.is_valid() else {}
    try:
        pdf = approvals.preview(approvals.approved(case, approvals.changes(case, decided, now)))
    except approvals.Undrawable as wrong:
        return render(request, "portal/review/undrawable.html", {"case": case, "problem": wrong}, status=409)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{case.case_no}.pdf"'
    return response


@never_cache
@require_POST
@permission_required(REVIEW_CASE)  # type: ignore[untyped-decorator]
def save_draft(request: StaffRequest, case_no: str) -> JsonResponse:
    """暫存 by the page's script while the officer types."""
    case, now = get_object_or_404(Case, case_no=case_no), timezone.now()
    drafts.save(case, request.user, request.POST, now=now)
    return JsonResponse({"saved": f"{SAVED} {date_format(timezone.localtime(now), 'H:i:s')}"})


@never_cache
@require_POST
@permission_required(REVIEW_CASE)  # type: ignore[untyped-decorator]
def take_next(request: StaffRequest) -> HttpResponse:
    """取下一件."""
    return _next(request)


def _page(request: StaffRequest, case_no: str, **more: Any) -> DecisionPage:
    found = with_people(case_no, request.user)
    if not found:
        raise Http404
    return DecisionPage(found[0], found[1:], request.user, timezone.now(), **more)


def _file(file: Any, filename: str, content_type: str) -> HttpResponseBase:
    try:
        return private_file_response(file, filename=filename, content_type=content_type, inline=True)
    except FileNotFoundError:
        raise Http404 from None


def _post(request: StaffRequest, page: DecisionPage) -> HttpResponse:
    asked = request.POST.get("action", "")
    if asked == "note":
        return _note(request, page)
    action = next((each for each in Action if each == asked), None)
    may = request.user.has_perm(REVIEW_CASE) or (action is Action.ASSIGN and request.user.has_perm(ASSIGN_CASE))
    if not may:
        return _denied(request)
    if asked in {"save", "insert"}:
        return _keep(request, page, asked)
    if action is Action.CORRECT:
        return _correct(request, page)
    return _act(request, page, action) if action in FORMS else _refuse(request, page, NOT_ALLOWED)


def _act(request: StaffRequest, page: DecisionPage, action: Any) -> HttpResponse:
    form = page.form = FORMS[action](page.case, request.POST, now=page.now)
    page.panel = PANELS.get(action, "")
    if not form.is_valid():
        return _refuse(request, page, STALE if "version" in form.errors else "")
    return _perform(request, page, action, form.cleaned_data)


def _correct(request: StaffRequest, page: DecisionPage) -> HttpResponse:
    page.correcting, page.panel = request.POST.get("correct", ""), "correct"
    if page.correcting not in may_be_corrected(page.case):
        return _refuse(request, page, NOT_ALLOWED)
    form = page.form = CorrectForm(page.case, page.correcting, request.POST)
    if not form.is_valid():
        return _refuse(request, page, STALE if "version" in form.errors else "")
    return _perform(request, page, Action.CORRECT, form.cleaned_data)


def _perform(request: StaffRequest, page: DecisionPage, action: Action, said: dict[str, Any]) -> HttpResponse:
    perform = operations.correct if action is Action.CORRECT else PERFORM[action]
    try:
        perform(page.case, actor=request.user, now=page.now, **said)
    except Unaccepted as refused:
        page.unaccepted = refused.findings
        return _refuse(request, page, UNACCEPTED)
    except (StaleCase, NotAllowed) as refused:
        return _refuse(request, page, _in_words(refused))
    if action in ENDS_THE_DRAFT:
        drafts.drop(page.case, request.user)
    else:
        drafts.forget(page.case, request.user, ("note", "asks", "correction_note", page.correcting, "to", "decline_opinion"))
    messages.success(request, f"收件號 {page.case.case_no}：{ACTION_LABELS[action]}")
    return _next(request) if request.POST.get("then") == "next" else redirect("review:decision", page.case.case_no)


def _refuse(request: StaffRequest, page: DecisionPage, problem: str) -> HttpResponse:
    """The page as things stand now, with what was typed, which is kept besides."""
    if request.user.has_perm(REVIEW_CASE):
        drafts.save(page.case, request.user, request.POST, now=page.now)
    fresh = _page(request, page.case.case_no, form=page.form, panel=page.panel, problem=problem, correcting=page.correcting)
    fresh.unaccepted = page.unaccepted
    return _show(request, fresh)


def _keep(request: StaffRequest, page: DecisionPage, asked: str) -> HttpResponse:
    """暫存, or 帶入 the reasons that were ticked."""
    typed = reasons.inserted(page.case, request.POST, now=page.now) if asked == "insert" else request.POST
    drafts.save(page.case, request.user, typed, now=page.now)
    if asked == "save":
        messages.success(request, SAVED)
    response = redirect("review:decision", page.case.case_no)
    response.headers["Location"] += "?open=return"
    return response


def _note(request: StaffRequest, page: DecisionPage) -> HttpResponse:
    form = page.form = NoteForm(request.POST)
    page.panel = "note"
    if not form.is_valid():
        return _refuse(request, page, "")
    said = form.cleaned_data
    beside.add_note(page.case, author=request.user, text=said["note"], asks=said["asks"], now=page.now)
    drafts.forget(page.case, request.user, ("note", "asks"))
    messages.success(request, "已加上備註")
    return redirect("review:decision", page.case.case_no)


def _next(request: StaffRequest) -> HttpResponse:
    try:
        case = operations.take_next(actor=request.user, now=timezone.now())
    except NotAllowed:
        return _denied(request)
    if case is None:
        messages.success(request, NOTHING_WAITS)
        return redirect("review:queue")
    return redirect("review:decision", case.case_no)


def _denied(request: StaffRequest) -> HttpResponse:
    response: HttpResponse = permission_denied(request)
    return response


def _in_words(refused: StaleCase | NotAllowed) -> str:
    if isinstance(refused, Obstacle):
        return str(refused)
    return STALE if isinstance(refused, StaleCase) else NOT_ALLOWED


def _show(request: StaffRequest, page: DecisionPage) -> HttpResponse:
    """The case is seen, whatever was asked: also where an action was refused."""
    beside.record_read(request.user, page.case, now=page.now)
    return render(request, "portal/review/decision.html", page.context(), status=409 if page.problem else 200)
