"""The decision page."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import any_permission_required, permission_denied

from portal.accounts.models import User
from portal.cases import operations
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, Obstacle, StaleCase
from portal.cases.queries import current_documents, for_review, missing_documents
from portal.cases.states import ACTION_LABELS, Action
from portal.core.files import private_file_response
from portal.editorial.declaration_versions import declaration_version

from .admin import REVIEW_CASE, VIEW_CASE
from .comparison import compared, decided
from .forms import FORMS, ActionForm, ApproveForm, RejectForm, ReturnForm
from .queries import next_waiting

log = logging.getLogger("portal.review")
STALE = "這件案件剛被別人處理過。請先看目前的狀態，再決定下一步；您填寫的內容還在。"
NOT_ALLOWED = "以案件目前的狀態，您不能執行這個動作。"
PERFORM: dict[Action, Any] = {action: getattr(operations, action.value) for action in FORMS}


class StaffRequest(HttpRequest):
    """A request inside the admin: somebody is logged in."""

    user: User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def decision(request: StaffRequest, case_no: str) -> HttpResponse:
    """One page for one case: read, compare, decide."""
    case = get_object_or_404(for_review(), case_no=case_no)
    if request.method == "POST":
        return _act(request, case) if request.user.has_perm(REVIEW_CASE) else permission_denied(request)
    log.info("user %s reads case %s", request.user.pk, case.uid)
    return _page(request, case)


@never_cache
@require_safe
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def document(request: StaffRequest, case_no: str, id: UUID) -> HttpResponseBase:
    """One file of 應檢附文件, to look at in the browser."""
    case = get_object_or_404(Case, case_no=case_no)
    wanted = get_object_or_404(case.documents, uid=id)
    log.info("user %s reads document %s of case %s", request.user.pk, wanted.uid, case.uid)
    try:
        return private_file_response(wanted.file, filename=wanted.download_name, content_type=wanted.content_type, inline=True)
    except FileNotFoundError:
        raise Http404 from None


def _act(request: StaffRequest, case: Case) -> HttpResponse:
    action = next((each for each in FORMS if each == request.POST.get("action")), None)
    if action is None:
        return _page(request, case, problem=NOT_ALLOWED)
    form = FORMS[action](case, request.POST)
    if not form.is_valid():
        return _page(request, case, form=form, problem=STALE if "version" in form.errors else "")
    try:
        PERFORM[action](case, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except (StaleCase, NotAllowed) as refused:
        case.refresh_from_db()
        return _page(request, case, form=form, problem=_in_words(refused))
    messages.success(request, f"收件號 {case.case_no}：{ACTION_LABELS[action]}")
    return redirect("review:decision", case.case_no)


def _in_words(refused: StaleCase | NotAllowed) -> str:
    if isinstance(refused, Obstacle):
        return str(refused)
    return STALE if isinstance(refused, StaleCase) else NOT_ALLOWED


def _page(request: StaffRequest, case: Case, *, form: ActionForm | None = None, problem: str = "") -> HttpResponse:
    context = {
        "case": case,
        "warnings": case.kind.warnings(case.answers, timezone.localdate()),
        "sections": compared(case),
        "documents": current_documents(case),
        "missing": missing_documents(case),
        "declaration": declaration_version(case.declaration_version),
        "events": case.events.select_related("actor"),
        "possible": operations.available_actions(case, actor=request.user),
        "fee": case.kind.fee(case.answers).amount,
        "decision": decided(case),
        "approve_form": form if isinstance(form, ApproveForm) else ApproveForm(case),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(case),
        "reject_form": form if isinstance(form, RejectForm) else RejectForm(case),
        "form": form,
        "problem": problem,
        "next": next_waiting(case),
        "read_only": not request.user.has_perm(REVIEW_CASE),
    }
    return render(request, "portal/review/decision.html", context, status=409 if problem else 200)
