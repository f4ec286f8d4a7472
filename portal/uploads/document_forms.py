"""The form of editors' documents."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

NOT_A_PDF = "檔案格式不符，文件請上傳 PDF 檔，且副檔名須與內容相同。"
_BEGINS, _ENDS, _TAIL = b"%PDF-", b"%%EOF", 1024


class DocumentForm(BaseDocumentForm):
    """A document is a PDF by its content too. Every road of Wagtail's by which one comes in makes its form from this one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.widget.attrs["accept"] = ".pdf"

    def clean_file(self) -> Any:
        """The file, when it is a PDF from its first byte."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile) and not _is_pdf(file):
            raise ValidationError(NOT_A_PDF, code="not_a_pdf")
        return file


def _is_pdf(file: "UploadedFile[bytes]") -> bool:
    """A reader would also take a PDF that begins later in the file; so would a browser take what stands before it."""
    if not (file.name or "").lower().endswith(".pdf"):
        return False
    begins = file.read(len(_BEGINS))
    file.seek(max((file.size or 0) - _TAIL, 0))
    ends = file.read(_TAIL)
    file.seek(0)
    return begins == _BEGINS and _ENDS in ends
