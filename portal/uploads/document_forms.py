"""The form of editors' documents."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from .files import BEFORE_HEADER, extension_of
from .picture_forms import overwrite

NOT_A_PDF = (
    "檔案格式不符，文件請上傳 PDF 檔，且副檔名須與內容相同。確定是 PDF 檔時，請開啟後另存新檔，或以「列印」存成 PDF 檔再上傳。"
)
_BEGINS, _ENDS, _TAIL = b"%PDF-", b"%%EOF", 1024
# What some programs write before the header, in which no browser sees anything.
_BLANK = b"\xef\xbb\xbf \t\r\n"


class DocumentForm(BaseDocumentForm):
    """A document is a PDF by its content too. Every road of Wagtail's by which one comes in makes its form from this one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.widget.attrs["accept"] = "application/pdf,.pdf"

    def _post_clean(self) -> None:
        """The model asks how the file's name ends, too: of a file that is refused already it has none, and would say so."""
        refused = self.errors.pop("file", None)
        super()._post_clean()
        if refused:
            self.errors["file"] = refused

    def clean_file(self) -> Any:
        """The file, when it is a PDF from its first byte that is not blank; what is blank before it is cut off."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            if (blanks := _blanks_before_a_pdf(file)) is None:
                raise ValidationError(NOT_A_PDF, code="not_a_pdf")
            if blanks:
                overwrite(file, file.read()[blanks:])
                file.seek(0)
            file.name = PurePath(file.name or "").stem + ".pdf"
        return file


def _blanks_before_a_pdf(file: "UploadedFile[bytes]") -> int | None:
    """None: it is none. A reader takes a PDF that begins later in the file, but a browser takes what stands before it."""
    if extension_of(file.name or "") != ".pdf":
        return None
    head = file.read(BEFORE_HEADER + len(_BEGINS))
    file.seek(max((file.size or 0) - _TAIL, 0))
    ends = file.read(_TAIL)
    file.seek(0)
    begins = head.lstrip(_BLANK)
    return len(head) - len(begins) if begins.startswith(_BEGINS) and _ENDS in ends else None
