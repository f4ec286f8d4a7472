"""HEIC files for tests, encoded on the spot by the same library that decodes them, and what is done to them."""

import io
import struct
from collections.abc import Mapping
from functools import cache

import pillow_heif
from PIL import Image, ImageDraw

ORIENTATION = 0x0112
QUICKLY = {"quality": 60, "enc_params": {"preset": "ultrafast"}}


@cache
def quarters(size: tuple[int, int] = (600, 800)) -> Image.Image:
    """White, its top left quarter red."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    return image


def heic(image: Image.Image | None = None, **options: object) -> bytes:
    """The picture as a HEIC file; the quarters, where none is given."""
    return _quarters_as_heic(**options) if image is None else _encoded(image, options)


@cache
def _quarters_as_heic(**options: object) -> bytes:
    return _encoded(quarters(), options)


def _encoded(image: Image.Image, options: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_bytes(image.mode, image.size, image.tobytes()).save(out, **{**QUICKLY, **options})
    return out.getvalue()


def turned() -> bytes:
    """A picture that the file itself says to turn a quarter clockwise (irot), and the camera's EXIF as well."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return heic(quarters((800, 600)), exif=exif.tobytes())


def deep() -> bytes:
    """Ten bits a channel, as a camera of today writes them."""
    pixels = struct.pack("<3H", 0xFFC0, 0, 0) * (64 * 64)
    out = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (64, 64), pixels).save(out, quality=90)
    return out.getvalue()


def with_box(content: bytes, kind: bytes, change: bytes, at: int) -> bytes:
    """The file with other bytes in the first box of that kind, so far behind its name."""
    begin = content.index(kind) + 4 + at
    return content[:begin] + change + content[begin + len(change) :]


def saying_size(content: bytes, width: int, height: int) -> bytes:
    """The file with another size in every box that says one."""
    position = -1
    while (position := content.find(b"ispe", position + 1)) >= 0:
        content = content[: position + 8] + struct.pack(">II", width, height) + content[position + 16 :]
    return content
