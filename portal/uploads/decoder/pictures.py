"""Pictures: decoded, turned upright, stripped of what the camera wrote into them, made small."""

import struct
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    Image,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .pngs import without_extras
from .problems import EDITORS_BYTES, MAX_PIXELS, MAX_SIDE, PHOTO_SIZE, ContentRefused, Reason

# In the sandbox nothing can be imported any more: whatever Pillow imports when it needs it is imported by now.
PRELOADED = (
    *(AvifImagePlugin, BmpImagePlugin, ImagePalette, JpegImagePlugin),
    *(MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin),
)
Image.preinit()
STORED_BYTES = 512 * 1024  # what the agency's own system takes
LONGEST_SIDE = 2400  # an A4 page stays legible: about 205 dots per inch
QUALITIES = (40, 50, 60, 70, 80, 85, 90)
EDITORS_LONGEST_SIDE = 3000
# How an editor's picture is written: lossy ones well, AVIF quickly.
EDITORS_OPTIONS: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 88, "method": 2},
    "AVIF": {"quality": 75, "speed": 9, "max_threads": 1},
}
# The orientations of EXIF, and what turns each upright.
UPRIGHT: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BAND = 64  # rows, times the factor of the reduction

# Whatever Pillow's decoders raise on bytes that are no picture (its documentation names no single base class).
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, struct.error, zlib.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean_picture(content: bytes, *, photo: bool) -> tuple[bytes, tuple[int, int]]:
    """The picture as a JPEG of at most 512 KB, and the size it came in. Raises ContentRefused."""
    upright, came_as = _decoded(content, ("JPEG", "PNG", "BMP"), LONGEST_SIDE, _flat)
    return _shrunk(upright, floor=PHOTO_SIZE if photo else (1, 1)), came_as


def clean_editors_picture(content: bytes, *, form: str) -> tuple[bytes, tuple[int, int]]:
    """The picture in the format it came in, with its transparency, and its new size. Raises ContentRefused."""
    picture, _ = _decoded(content, (form,), EDITORS_LONGEST_SIDE, _plain if form != "JPEG" else _flat)
    picture.thumbnail((EDITORS_LONGEST_SIDE, EDITORS_LONGEST_SIDE), Image.Resampling.LANCZOS)
    while len(written := _written(picture, form, **EDITORS_OPTIONS[form])) > EDITORS_BYTES:
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
    return written, picture.size


def _decoded(
    content: bytes, forms: tuple[str, ...], longest: int, convert: Callable[[Image.Image], Image.Image]
) -> tuple[Image.Image, tuple[int, int]]:
    """The pixels and nothing else, upright and at most twice as large as wanted; and the size the eye sees."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, has it otherwise for the whole process
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(without_extras(content)), formats=forms) as picture:
            if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
                raise ContentRefused(Reason.TOO_MANY_PIXELS)
            orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
            came_as = picture.size[::-1] if orientation in (5, 6, 7, 8) else picture.size
            picture.draft(None, (longest, longest))  # a JPEG decodes at a half or a quarter where that is enough
            picture.load()
            return _turned(_reduced(picture, longest, convert), orientation), came_as
    except _BOMBS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS) from None
    except _UNREADABLE as error:
        raise ContentRefused(Reason.DAMAGED) from error


def _reduced(picture: Image.Image, longest: int, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Converted and reduced band by band, so that a large picture is in memory once only."""
    factor = max(1, max(picture.size) // longest)
    rows, result = _BAND * factor, None
    for top in range(0, picture.height, rows):
        band = convert(picture.crop((0, top, picture.width, min(top + rows, picture.height)))).reduce(factor)
        if result is None:
            result = Image.new(band.mode, (band.width, -(-picture.height // factor)))
        result.paste(band, (0, top // factor))
    if result is None:
        raise ContentRefused(Reason.DAMAGED)
    return result


def _turned(picture: Image.Image, orientation: object) -> Image.Image:
    method = UPRIGHT.get(orientation)
    return picture if method is None else picture.transpose(method)


def _flat(picture: Image.Image) -> Image.Image:
    """On white, in RGB or grey."""
    if picture.mode.startswith("I"):  # 16-bit grey scans
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _plain(picture: Image.Image) -> Image.Image:
    """With its transparency, in a mode that every format writes."""
    return picture.convert("RGBA") if picture.has_transparency_data else _flat(picture)


def _shrunk(picture: Image.Image, *, floor: tuple[int, int]) -> bytes:
    """Quality gives way first, then size; a photo stays at 413 x 531 or more where it was."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    while len(smallest := _jpeg(picture, QUALITIES[0])) > STORED_BYTES:
        scale = min(0.8, (STORED_BYTES / len(smallest)) ** 0.5)
        size = int(picture.width * scale), int(picture.height * scale)
        if size[0] < floor[0] or size[1] < floor[1]:
            return smallest
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _best_that_fits(picture) or smallest


def _best_that_fits(picture: Image.Image) -> bytes | None:
    """The JPEG of the highest quality above the lowest that is small enough, found by halving."""
    best, low, high = None, 1, len(QUALITIES) - 1
    while low <= high:
        middle = (low + high) // 2
        if len(content := _jpeg(picture, QUALITIES[middle])) <= STORED_BYTES:
            best, low = content, middle + 1
        else:
            high = middle - 1
    return best


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    return _written(picture, "JPEG", quality=quality)


def _written(picture: Image.Image, form: str, **options: int) -> bytes:
    out = BytesIO()
    picture.info = {}  # Pillow's writers copy from it: comments, profiles, resolution
    picture.save(out, form, **options)
    return out.getvalue()
