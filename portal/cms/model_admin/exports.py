"""What is exported from any list of the admin, ours or Wagtail's: Taipei's time, words for codes, a mark that Excel knows, and
nothing that somebody typed is a formula there, or breaks the file."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections import OrderedDict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Model, QuerySet
from django.utils import timezone
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from portal.fields.spreadsheets import cell

from ..models import ListExport

BYTE_ORDER_MARK: Final = "\ufeff".encode()
EMPTY: Final = "-"
CSV, XLSX = SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX
_stream_csv = SpreadsheetExportMixin.stream_csv
UNNAMED: Final = SpreadsheetExportMixin.export_filename
_as_spreadsheet = SpreadsheetExportMixin.as_spreadsheet
_preprocessed = SpreadsheetExportMixin.preprocess_field_value


def in_taipei(moment: datetime) -> datetime:
    """As the clock there shows it; a workbook's times have no zone."""
    return moment if timezone.is_naive(moment) else timezone.make_naive(moment)


def words_of(item: Any, field: str, value: Any) -> Any:
    """What people call the value of a field, where the model or the field says so. modeladmin writes `-` for no, for 0 and for
    nothing.
    """
    own = getattr(item, field, None)
    if isinstance(own, bool):
        return "是" if own else "否"
    if own == 0 and isinstance(own, int):
        return own
    named = getattr(item, f"get_{field}_display", None)
    if callable(named):
        return str(named())
    return "" if value == EMPTY else value


def heading(model: type[Model], field: str, words: str) -> str:
    """What a column is called; of times, where they are."""
    try:
        is_moment = isinstance(model._meta.get_field(field), DateTimeField)
    except FieldDoesNotExist:
        return words
    return f"{words}（臺北時間）" if is_moment else words


def row_in_words(item: Any, row: dict[str, Any]) -> "OrderedDict[str, Any]":
    """The same row for people."""
    return OrderedDict((field, words_of(item, field, value)) for field, value in row.items())


def preprocessed(view: Any, field: str, value: Any, export_format: str) -> Any:
    """As Wagtail makes it of a value: text in CSV, and in a workbook no character that a workbook cannot hold."""
    made = _preprocessed(view, field, value, export_format)
    if export_format == CSV:
        return cell(made)
    return ILLEGAL_CHARACTERS_RE.sub("", made) if isinstance(made, str) else made


def stream_csv(view: Any, queryset: Any) -> Iterator[bytes]:
    """As Wagtail writes it, behind the mark by which spreadsheet programs know UTF-8."""
    yield BYTE_ORDER_MARK
    yield from _stream_csv(view, queryset)


def write_down(by: int, name: str, rows: int) -> None:
    """A row of 匯出紀錄: who took out how much of which list."""
    ListExport.objects.create(by_id=by, at=timezone.now(), list=name[:60], rows=rows)


def as_spreadsheet(view: Any, queryset: Any, spreadsheet_format: str) -> Any:
    """As Wagtail answers it, once it is written down, with a name that says of which list it is."""
    if view.export_filename == UNNAMED:
        view.export_filename = f"{view.request.resolver_match.url_name.replace('_', '-')}-{timezone.localdate()}"
    opts = getattr(view, "opts", None)
    rows = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
    write_down(view.request.user.pk, str(opts.verbose_name_plural if opts else view.page_title), rows)
    return _as_spreadsheet(view, queryset, spreadsheet_format)


def install() -> None:
    """In the place of Wagtail's own, for every list that is exported."""
    SpreadsheetExportMixin.custom_value_preprocess = {
        datetime: {CSV: lambda moment: f"{in_taipei(moment):%Y/%m/%d %H:%M:%S}", XLSX: in_taipei},
        date: {CSV: lambda day: f"{day:%Y/%m/%d}", XLSX: None},
        **{kind: each for kind, each in SpreadsheetExportMixin.custom_value_preprocess.items() if kind is not datetime},
    }
    SpreadsheetExportMixin.preprocess_field_value = preprocessed  # type: ignore[method-assign]
    SpreadsheetExportMixin.stream_csv = stream_csv  # type: ignore[method-assign]
    SpreadsheetExportMixin.as_spreadsheet = as_spreadsheet  # type: ignore[method-assign]
