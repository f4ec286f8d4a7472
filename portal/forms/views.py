"""Before the wizard, after it, and beside it."""

import uuid
from pathlib import PurePath

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import StudentRequest, student_required
from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response

from . import operations, queries, quotas
from .models import Draft, DraftUpload


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def start(request: StudentRequest, category: StudentCategory, kind: str) -> HttpResponseBase:
    """[線上申辦]: to 使用聲明事項 at once, or first the question whether to go on with an unfinished draft."""
    found = _kind_or_404(category, kind)
    drafts = queries.open_drafts(request.user).filter(kind_code=found.code)
    if request.method != "POST" and drafts:
        is_full = not quotas.has_room_for_draft(request.user, found.code)
        return render(request, "portal/forms/start.html", {"kind": found, "drafts": drafts, "is_full": is_full})
    try:
        draft = operations.begin(request.user, found)
    except operations.TooManyDrafts:
        messages.error(request, str(quotas.TOO_MANY_DRAFTS))
        return render(request, "portal/forms/start.html", {"kind": found, "drafts": drafts, "is_full": True}, status=429)
    return redirect("forms:step", category, found.code, draft.token, "declaration")


@require_GET
@student_required
def sent(request: StudentRequest, category: StudentCategory, kind: str, token: str) -> HttpResponseBase:
    """送件成功 (圖23); stays where it is."""
    draft = get_object_or_404(_drafts(request, category, kind), token=token)
    if draft.sent_case is None:
        return redirect("forms:step", category, kind, token, draft.step)
    case = draft.sent_case
    return render(request, "portal/forms/sent.html", {"kind": case.kind, "case": case, "fee": case.kind.fee(case.answers).amount})


@require_GET
@student_required
def upload_preview(request: StudentRequest, category: StudentCategory, kind: str, token: str, uid: uuid.UUID) -> HttpResponseBase:
    """檢視 a file of one's own draft."""
    drafts = _drafts(request, category, kind).filter(token=token)
    upload = get_object_or_404(DraftUpload, uid=uid, draft__in=drafts)
    name = (
        PurePath(upload.original_name).with_suffix(PurePath(upload.file.name or "").suffix).name
    )  # every picture kept is a JPEG
    try:
        return private_file_response(upload.file, filename=name, content_type=upload.content_type, inline=True)
    except FileNotFoundError:
        raise Http404 from None


def _kind_or_404(category: StudentCategory, code: str) -> CaseKind:
    try:
        return kinds.get(category.slug, code)
    except KeyError:
        raise Http404 from None


def _drafts(request: StudentRequest, category: StudentCategory, kind: str) -> QuerySet[Draft]:
    mine = Draft.objects.filter(owner=request.user, category=category.slug, kind_code=kind)
    return mine.select_related("sent_case")
