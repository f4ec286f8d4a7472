"""資料匯入 and 更正."""

import logging
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import permission_required

from .. import imports
from ..corrections import Overtaken, Record, Unchanged, correct
from ..models import Applicant, Permit, RecordCorrection, RecordsImport
from .forms import CorrectionForm, ImportForm

log = logging.getLogger("portal.records")
IMPORT, CORRECT = "portal_records.import_recordsimport", "portal_records.correct_recordcorrection"
TABLES: dict[str, type[Record]] = {"applicants": Applicant, "permits": Permit}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(IMPORT)  # type: ignore[untyped-decorator]
def index(request: HttpRequest) -> HttpResponse:
    """資料匯入: what was sent in so far, and the form for the next files."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        row = imports.receive(by=request.user, now=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        log.info("user %s sends in records %s", request.user.pk, row.uid)
        return redirect("records-clerks:import", row.uid)
    rows = Paginator(RecordsImport.objects.select_related("by").defer("problems"), 20).get_page(request.GET.get("p"))
    return render(request, "portal/records/clerks/imports.html", {"form": form, "rows": rows}, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(IMPORT)  # type: ignore[untyped-decorator]
def one_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One pair of files: what is wrong with them, or what they would bring, with 匯入 and 放棄."""
    row = get_object_or_404(RecordsImport.objects.select_related("by"), uid=uid)
    if request.method != "POST":
        context = {"row": row, "counts": _counts(row), "beginnings": imports.beginnings(row)}
        return render(request, "portal/records/clerks/import.html", context)
    log.info("user %s decides on records %s", request.user.pk, row.uid)
    done = imports.drop(row, now=timezone.now()) if "drop" in request.POST else imports.begin(row)
    if not done:
        messages.warning(request, "這批資料已經處理過，請看目前的狀態。")
    return redirect("records-clerks:import", row.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CORRECT)  # type: ignore[untyped-decorator]
def correction(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """更正 one record."""
    record: Record = get_object_or_404(TABLES[table], pk=pk)  # type: ignore[assignment]  # one of the two
    form = CorrectionForm(record, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            correct(record, form.values, shown=form.shown, reason=reason, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Unchanged:
            form.add_error(None, "沒有任何欄位不同，未更正")
        except Overtaken as overtaken:
            form.refuse_overtaken(overtaken.now)
        else:
            log.info("user %s corrects %s %s", request.user.pk, table, pk)
            messages.success(request, "已更正。")
            return redirect("records-clerks:correct", table, pk)
    context = {
        "record": record,
        "form": form,
        "table": table,
        "lines": [_line(each, form) for each in record.corrections.select_related("by")],
    }
    return render(request, "portal/records/clerks/correct.html", context, status=400 if form.errors else 200)


def _line(line: RecordCorrection, form: CorrectionForm) -> dict[str, object]:
    """One 更正, its columns by their labels."""
    labels = {name: field.label for name, field in form.fields.items()}
    sides = (line.before, line.after)
    named = [*(name for name in labels if name in line.before), *sorted(line.before.keys() - labels.keys())]
    changes = [(labels.get(name, name), *(form.in_words(name, side[name]) for side in sides)) for name in named]
    return {"at": line.at, "by": line.by, "reason": line.reason, "changes": changes}


def _counts(row: RecordsImport) -> list[tuple[str, int, int]]:
    """For each file its name, and how many rows are new and known."""
    labels = {"applicants": "申請人資料", "permits": "許可證資料"}
    return [(labels[name], row.new[name], row.known[name]) for name in labels if name in row.new]
