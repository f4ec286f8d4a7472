"""HEIC pictures, decoded by libheif. Imported for these alone: no other file meets that decoder."""

from typing import Any

import pillow_heif
from PIL import Image

from .pictures import EDITORS_LONGEST_SIDE, LONGEST_SIDE, Decoded, check_size, editors_kept, kept, on_white, reduce
from .problems import ContentRefused, FileWarning, Reason

pillow_heif.options.DECODE_THREADS = 0  # tiles one after another
pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
_MODES = {"L", "LA", "RGB", "RGBA"}
# What pillow_heif raises: RuntimeError is libheif's own limits and memory, the others are broken files.
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError)


def clean_heic(content: bytes, *, photo: bool) -> tuple[bytes, tuple[int, int], list[FileWarning]]:
    """As clean_picture of `pictures`. Raises ContentRefused."""
    return kept(_decoded(content, LONGEST_SIDE), photo=photo)


def clean_editors_heic(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """As clean_editors_picture of `pictures`, but a JPEG: not every browser shows the other. Raises ContentRefused."""
    return editors_kept(_decoded(content, EDITORS_LONGEST_SIDE), form="JPEG")


def _decoded(content: bytes, longest: int) -> Decoded:
    try:
        opened = pillow_heif.open_heif(content, convert_hdr_to_8bit=True, remove_stride=False)
        picture = opened[opened.primary_index]
        check_size(picture.size)
        return _pixels(picture, longest)
    except RuntimeError as error:
        raise ContentRefused(Reason.TOO_COMPLEX) from error
    except _UNREADABLE as error:
        raise ContentRefused(Reason.DAMAGED) from error


def _pixels(picture: Any, longest: int) -> Decoded:
    """libheif turns it upright by what the file says; the camera's EXIF says it once more, and is not asked."""
    pixels, stride = memoryview(picture.data).cast("B"), picture.stride
    size, mode = picture.size, picture.mode
    check_size(size)
    if mode not in _MODES:
        raise ContentRefused(Reason.DAMAGED)

    def rows(top: int, end: int) -> Image.Image:
        part = pixels[top * stride : end * stride]
        return on_white(Image.frombytes(mode, (size[0], end - top), part, "raw", mode, stride))

    return Decoded(reduce(size, longest, rows), size, picture.info.get("icc_profile"))
