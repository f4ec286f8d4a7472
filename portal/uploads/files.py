"""Uploaded files 應檢附文件 and editors' pictures: judged by their content, made harmless, made small."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from .decoder.problems import EDITORS_BYTES, PHOTO_SIZE
from .decoding import Answer, decode
from .file_problems import EDITORS_PICTURES_ONLY, PICTURES_ONLY, FileProblem, FileRefused, FileWarning
from .screening import screen

# What the first bytes must be, for each extension that is taken.
SIGNATURES: Final = {
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".bmp": b"BM",
    ".pdf": b"%PDF-",
}
ACCEPT_PHOTO: Final = ".jpg,.jpeg,.png,.bmp"
ACCEPT: Final = f"{ACCEPT_PHOTO},.pdf"
# What an editor may upload: Pillow's name of the format, content type, and how such a file begins (at which byte).
EDITORS_FORMATS: Final = {
    ".jpg": ("JPEG", "image/jpeg", b"\xff\xd8\xff", 0),
    ".jpeg": ("JPEG", "image/jpeg", b"\xff\xd8\xff", 0),
    ".png": ("PNG", "image/png", b"\x89PNG\r\n\x1a\n", 0),
    ".webp": ("WEBP", "image/webp", b"WEBPVP8", 8),
    ".avif": ("AVIF", "image/avif", b"ftypavif", 4),
}
# A picture that was made small may stay above the 512 KB only where a photo must keep its size.
MAX_PICTURE: Final = 1024 * 1024
# A cleaned PDF is as large as the one that came, or smaller; what was compressed in old ways may grow a little.
MAX_DOCUMENT: Final = 12 * 1024 * 1024


@dataclass(frozen=True)
class CleanFile:
    """A file that may be kept: new bytes, never the ones that came. `original_name` is text, never a path."""

    content: bytes
    content_type: str
    extension: str
    original_name: str
    warning: FileWarning | None = None


def clean_upload(uploaded: "UploadedFile[bytes]", *, photo: bool, sender: int | None) -> CleanFile:
    """The uploaded file made safe to keep; a `photo` is a picture, not a PDF. Raises FileRefused."""
    name = clean_name(uploaded.name or "")
    content = _read(uploaded)
    extension = PurePath(name).suffix.lower()
    signature = SIGNATURES.get(extension)
    if signature is None or not content.startswith(signature) or (photo and extension == ".pdf"):
        raise FileRefused(FileProblem.WRONG_TYPE, PICTURES_ONLY if photo else "")
    screen(content)
    if extension == ".pdf":
        document = decode("document", content, sender=sender, most=MAX_DOCUMENT)
        _expect(document, SIGNATURES[".pdf"])
        return CleanFile(document.content, "application/pdf", ".pdf", name)
    picture = decode("picture", content, sender=sender, most=MAX_PICTURE, photo=photo)
    _expect(picture, SIGNATURES[".jpg"])
    warning = FileWarning.SMALL_PHOTO if photo and _is_small_photo(picture.size) else None
    return CleanFile(picture.content, "image/jpeg", ".jpg", name, warning)


def clean_editors_picture(uploaded: "UploadedFile[bytes]", *, sender: int | None) -> CleanFile:
    """A picture for pages, in the format it came in, without metadata, of at most 3000 pixels a side. Raises FileRefused.

    `sender` is the primary key of the user who uploads; nobody has two files in work at once.
    """
    name = clean_name(uploaded.name or "")
    content = _read(uploaded)
    extension = PurePath(name).suffix.lower()
    form, content_type, signature, offset = EDITORS_FORMATS.get(extension, ("", "", b"", 0))
    if not form or not content.startswith(signature, offset):
        raise FileRefused(FileProblem.WRONG_TYPE, EDITORS_PICTURES_ONLY)
    screen(content)
    picture = decode("editors_picture", content, sender=sender, most=EDITORS_BYTES, form=form)
    _expect(picture, signature, offset)
    return CleanFile(picture.content, content_type, extension, name)


def clean_name(name: str) -> str:
    """The name that the student's own computer gave, as one line of plain text of at most 255 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if not unicodedata.category(c).startswith("C")).strip()
    path = PurePath(plain)
    return path.stem[: 255 - len(path.suffix[:20])] + path.suffix[:20]


def _expect(answer: Answer, signature: bytes, offset: int = 0) -> None:
    """The decoder is not believed either."""
    if not answer.content.startswith(signature, offset):
        raise FileRefused(FileProblem.DAMAGED)


def _is_small_photo(size: tuple[int, int]) -> bool:
    """Below 413 x 531 pixels."""
    return size[0] < PHOTO_SIZE[0] or size[1] < PHOTO_SIZE[1]


def _read(uploaded: "UploadedFile[bytes]") -> bytes:
    if not uploaded.size:
        raise FileRefused(FileProblem.EMPTY)
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        raise FileRefused(FileProblem.TOO_BIG)
    return bytes(uploaded.read())
