"""Uploaded files 應檢附文件 and editors' pictures: judged by their content, made harmless, made small."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from .decoder import heics
from .decoder.problems import DOCUMENT_SIDE, EDITORS_BYTES, PHOTO_SIZE, FileWarning
from .decoding import Answer, decode
from .file_problems import (
    EDITORS_PICTURES_ONLY,
    EDITORS_TOO_BIG,
    HEIC_TOO_COMPLEX,
    PICTURES_ONLY,
    FileProblem,
    FileRefused,
)
from .screening import screen

_JPEG: Final = b"\xff\xd8\xff"
_PDF: Final = b"%PDF-"
# What the first bytes must be, for each extension of a picture that is taken. HEIC files begin in several ways.
SIGNATURES: Final = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), _JPEG),
    ".png": b"\x89PNG\r\n\x1a\n",
    ".bmp": b"BM",
}
HEIC: Final = frozenset({".heic", ".heif", ".hif"})
# Programs write this much before a PDF's header, and every reader looks for it there.
BEFORE_HEADER: Final = 1024
# Types, for phones offer the camera where they see one of a picture; extensions, for desktops know no type of some.
ACCEPT_PHOTO: Final = f"image/jpeg,image/png,image/bmp,image/heic,image/heif,{','.join((*SIGNATURES, *sorted(HEIC)))}"
ACCEPT: Final = f"{ACCEPT_PHOTO},application/pdf,.pdf"
# What an editor may upload: Pillow's name of the format, content type, and how such a file begins (at which byte).
EDITORS_FORMATS: Final = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif"), ("JPEG", "image/jpeg", _JPEG, 0)),
    ".png": ("PNG", "image/png", b"\x89PNG\r\n\x1a\n", 0),
    ".webp": ("WEBP", "image/webp", b"WEBPVP8", 8),
    ".avif": ("AVIF", "image/avif", b"ftypavif", 4),
}
ACCEPT_EDITORS: Final = ",".join(
    [*dict.fromkeys(each[1] for each in EDITORS_FORMATS.values()), "image/heic,image/heif", *EDITORS_FORMATS, *sorted(HEIC)]
)
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
    warnings: tuple[FileWarning, ...] = ()


def most_bytes(name: str) -> int:
    """How large a file of that name may be: a picture is made small, a PDF is kept as large as it is."""
    return settings.UPLOAD_MAX_BYTES if extension_of(name) == ".pdf" else settings.UPLOAD_PICTURE_BYTES


def kept_bytes(name: str, size: int) -> int:
    """How much of a file of that name and size is kept at most."""
    return size if extension_of(name) == ".pdf" else min(size, MAX_PICTURE)


def clean_upload(uploaded: "UploadedFile[bytes]", *, photo: bool, sender: int | None) -> CleanFile:
    """The uploaded file made safe to keep; a `photo` is a picture, not a PDF. Raises FileRefused."""
    name = clean_name(uploaded.name or "")
    content = _read(uploaded, most_bytes(name))
    extension = extension_of(name)
    if extension == ".pdf" and not photo:
        return _clean_document(content, name, sender)
    if extension in HEIC:
        is_one = heics.looks_like_one(content)
    else:
        is_one = extension in SIGNATURES and content.startswith(SIGNATURES[extension])
    if not is_one:
        raise FileRefused(FileProblem.WRONG_TYPE, PICTURES_ONLY if photo else "")
    screen(content)
    return _clean_picture(content, name, sender, photo=photo, heic=extension in HEIC)


def _clean_document(content: bytes, name: str, sender: int | None) -> CleanFile:
    begin = content.find(_PDF, 0, BEFORE_HEADER + len(_PDF))
    if begin < 0:
        raise FileRefused(FileProblem.WRONG_TYPE)
    content = content[begin:]
    screen(content)
    document = decode("document", content, sender=sender, most=MAX_DOCUMENT)
    _expect(document, _PDF)
    return CleanFile(document.content, "application/pdf", ".pdf", name)


def _clean_picture(content: bytes, name: str, sender: int | None, *, photo: bool, heic: bool) -> CleanFile:
    if heic:
        picture = _decode_heic("heic", content, sender=sender, most=MAX_PICTURE, photo=photo)
    else:
        picture = decode("picture", content, sender=sender, most=MAX_PICTURE, photo=photo)
    _expect(picture, _JPEG)
    small = _too_small(picture.size, photo=photo)
    return CleanFile(picture.content, "image/jpeg", ".jpg", name, (*small, *_warnings(picture.said.get("warnings"))))


def clean_editors_picture(uploaded: "UploadedFile[bytes]", *, sender: int | None) -> CleanFile:
    """A picture for pages, in the format it came in, without metadata, of at most 3000 pixels a side. Raises FileRefused.

    HEIC becomes a JPEG. `sender` is the primary key of the user who uploads; nobody has two files in work at once.
    """
    name = clean_name(uploaded.name or "")
    content = _read(uploaded, settings.UPLOAD_MAX_BYTES, EDITORS_TOO_BIG)
    extension = extension_of(name)
    if extension in HEIC and heics.looks_like_one(content):
        return _clean_editors_heic(content, name, sender)
    form, content_type, signature, offset = EDITORS_FORMATS.get(extension, ("", "", b"", 0))
    if not form or not content.startswith(signature, offset):
        raise FileRefused(FileProblem.WRONG_TYPE, EDITORS_PICTURES_ONLY)
    screen(content)
    picture = decode("editors_picture", content, sender=sender, most=EDITORS_BYTES, form=form)
    _expect(picture, signature, offset)
    kept = ".jpg" if form == "JPEG" else extension
    return CleanFile(picture.content, content_type, kept, PurePath(name).stem + kept)


def _clean_editors_heic(content: bytes, name: str, sender: int | None) -> CleanFile:
    screen(content)
    picture = _decode_heic("editors_heic", content, sender=sender, most=EDITORS_BYTES)
    _expect(picture, _JPEG)
    return CleanFile(picture.content, "image/jpeg", ".jpg", f"{PurePath(name).stem}.jpg")


def _decode_heic(job: str, content: bytes, *, sender: int | None, most: int, **options: object) -> Answer:
    """`decode`; the refusal says the way out where the picture may be right and it is the format that is too much."""
    try:
        return decode(job, content, sender=sender, most=most, **options)
    except FileRefused as refused:
        if refused.reason is FileProblem.TOO_COMPLEX:
            raise FileRefused(refused.reason, HEIC_TOO_COMPLEX) from refused
        raise


def clean_name(name: str) -> str:
    """The name that the student's own computer gave, as one line of plain text of at most 255 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if not unicodedata.category(c).startswith("C")).strip()
    path = PurePath(plain)
    return path.stem[: 255 - len(path.suffix[:20])] + path.suffix[:20]


def extension_of(name: str) -> str:
    """In lower-case ASCII: some input methods write ．ＪＰＧ."""
    return PurePath(unicodedata.normalize("NFKC", name)).suffix.lower()


def _expect(answer: Answer, signature: bytes, offset: int = 0) -> None:
    """The decoder is not believed either."""
    if not answer.content.startswith(signature, offset):
        raise FileRefused(FileProblem.DAMAGED)


def _warnings(said: object) -> Iterable[FileWarning]:
    """Those that there are, of what the decoder said."""
    return [warning for warning in FileWarning if warning in said] if isinstance(said, list) else []


def _too_small(size: tuple[int, int], *, photo: bool) -> list[FileWarning]:
    """A photo below 413 x 531 pixels; a document whose print nobody can read."""
    if photo:
        return [FileWarning.SMALL_PHOTO] if size[0] < PHOTO_SIZE[0] or size[1] < PHOTO_SIZE[1] else []
    return [FileWarning.SMALL_DOCUMENT] if max(size) < DOCUMENT_SIDE else []


def _read(uploaded: "UploadedFile[bytes]", most: int, too_big: str = "") -> bytes:
    if not uploaded.size:
        raise FileRefused(FileProblem.EMPTY)
    if uploaded.size > most:
        raise FileRefused(FileProblem.TOO_BIG, too_big)
    return bytes(uploaded.read())
