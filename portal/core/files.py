"""Uploaded files 應檢附文件: judged by their content, made harmless, made small."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from .file_problems import PICTURES_ONLY, FileProblem, FileRefused, FileWarning
from .pdf_cleaning import clean_pdf
from .pictures import clean_picture, is_small_photo

# What the first bytes must be, for each extension that is taken.
SIGNATURES = {
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".bmp": b"BM",
    ".pdf": b"%PDF-",
}
ACCEPT_PHOTO = ".jpg,.jpeg,.png,.bmp"
ACCEPT = f"{ACCEPT_PHOTO},.pdf"


@dataclass(frozen=True)
class CleanFile:
    """A file that may be kept: new bytes, never the ones that came. `original_name` is text, never a path."""

    content: bytes
    content_type: str
    extension: str
    original_name: str
    warning: FileWarning | None = None


def clean_upload(uploaded: "UploadedFile[bytes]", *, photo: bool) -> CleanFile:
    """The uploaded file made safe to keep; a `photo` is a picture, not a PDF. Raises FileRefused."""
    name = clean_name(uploaded.name or "")
    content = _read(uploaded)
    extension = PurePath(name).suffix.lower()
    signature = SIGNATURES.get(extension)
    if signature is None or not content.startswith(signature) or (photo and extension == ".pdf"):
        raise FileRefused(FileProblem.WRONG_TYPE, PICTURES_ONLY if photo else "")
    if extension == ".pdf":
        return CleanFile(clean_pdf(content), "application/pdf", ".pdf", name)
    picture, came_as = clean_picture(content, photo=photo)
    warning = FileWarning.SMALL_PHOTO if photo and is_small_photo(came_as) else None
    return CleanFile(picture, "image/jpeg", ".jpg", name, warning)


def clean_name(name: str) -> str:
    """The name that the student's own computer gave, as one line of plain text of at most 255 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if not unicodedata.category(c).startswith("C")).strip()
    path = PurePath(plain)
    return path.stem[: 255 - len(path.suffix[:20])] + path.suffix[:20]


def _read(uploaded: "UploadedFile[bytes]") -> bytes:
    if not uploaded.size:
        raise FileRefused(FileProblem.EMPTY)
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(FileProblem.TOO_BIG)
    return bytes(uploaded.read())
