"""Before the wizard, after it, and beside it."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import StudentRequest, student_required
from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response
from portal.office_calendar import ics
from portal.throttling.form_limits import kept_values

from . import operations, queries, quotas
from .form_map import blocks_of
from .models import Draft, DraftUpload
from .prefilling import application_of


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


@require_http_methods(["GET", "POST"])
@student_required
def save(request: StudentRequest, category: StudentCategory, kind: str, token: str) -> HttpResponseBase:
    """What the form's script saves while one types: POST keeps the fields that it names, GET tells a token that holds.

    Answers with the time as people read it, and how far each block is; 409 when there is nothing to save into any more.
    """
    draft = get_object_or_404(_drafts(request, category, kind).filter(corrects=None), token=token)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    posted = kept_values(dict(request.POST.lists()), names=draft.kind.form.base_fields.keys())  # type: ignore[attr-defined]
    if "prefill" not in draft.data.get("extra_data", {}) or not operations.save_typed(draft, "form", posted):
        return JsonResponse({}, status=409)
    draft.refresh_from_db()
    application = application_of(draft, draft.data)
    blocks = {block.anchor: [block.state, str(block.state_label)] for block in blocks_of(application)}
    return JsonResponse({"saved": date_format(timezone.localtime(), "H:i:s"), "blocks": blocks})


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def delete(request: StudentRequest, category: StudentCategory, kind: str, token: str) -> HttpResponseBase:
    """刪除 a draft, after one question."""
    draft = get_object_or_404(_drafts(request, category, kind).filter(sent_case=None, corrects=None), token=token)
    if request.method != "POST":
        return render(request, "portal/forms/delete.html", {"kind": draft.kind, "draft": draft})
    operations.delete(draft)
    messages.success(request, _("草稿已刪除"))
    return redirect("my_cases:todo", category)


@require_GET
@student_required
def opening(request: StudentRequest, category: StudentCategory, kind: str) -> HttpResponse:
    """加入行事曆: the day from which on the kind may be applied for."""
    found = _kind_or_404(category, kind)
    try:
        day = ics.day_of(request.GET.get("day", ""))
    except ValueError:
        raise Http404 from None
    address = settings.BASE_URL + reverse("forms:start", args=[category, found.code])
    said = format_lazy(_("可以申請：{kind}"), kind=found.name)
    content = ics.whole_day(f"{found.category}-{found.code}", day, said, address=address, now=timezone.now())
    return ics.response(content, filename=f"{found.code}-{day}.ics")


@require_GET
@student_required
def sent(request: StudentRequest, category: StudentCategory, kind: str, token: str) -> HttpResponseBase:
    """送件成功 (圖23); stays where it is."""
    draft = get_object_or_404(_drafts(request, category, kind).filter(corrects=None), token=token)
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
