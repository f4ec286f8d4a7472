"""Pictures: decoded, turned upright, their colours made sRGB, stripped of what the camera wrote into them, made small."""

import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import (
    BmpImagePlugin,
    ExifTags,
    Image,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from . import pngs
from .looks import odd_looks
from .portraits import odd_portrait, printed_part
from .problems import EDITORS_BYTES, MAX_PIXELS, MAX_SIDE, PHOTO_SIZE, ContentRefused, FileWarning, Reason
from .profiles import to_srgb

# In the sandbox nothing can be imported any more: whatever Pillow imports when it needs it is imported by now.
PRELOADED = (BmpImagePlugin, ImagePalette, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
Image.preinit()
STORED_BYTES = 512 * 1024  # what the agency's own system takes
LONGEST_SIDE = 2400  # an A4 page stays legible: about 205 dots per inch
QUALITIES = (40, 50, 60, 70, 80, 85, 90)
_GROWN = (1, 1.1, 1.2, 1.35, 1.6, 1.8, 2.2)  # how many times as many bytes as in the lowest a scan mostly takes
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


@dataclass(frozen=True)
class Decoded:
    """The pixels and nothing else, upright, at most twice as large as wanted. `came_as` is the size the eye saw."""

    picture: Image.Image
    came_as: tuple[int, int]
    profile: bytes | None = None


def clean_picture(content: bytes, *, photo: bool) -> tuple[bytes, tuple[int, int], list[FileWarning]]:
    """The picture as a JPEG of at most 512 KB, the size it came in, and what is odd about it. Raises ContentRefused."""
    return kept(decode(content, ("JPEG", "PNG", "BMP"), LONGEST_SIDE, on_white), photo=photo)


def kept(decoded: Decoded, *, photo: bool) -> tuple[bytes, tuple[int, int], list[FileWarning]]:
    """What is kept of a picture that somebody sent for an application; of a `photo`, what will be printed."""
    picture = _coloured(decoded, LONGEST_SIDE)
    if photo:
        picture = printed_part(picture)
    warnings = odd_looks(picture) or (odd_portrait(picture) if photo else [])
    return _shrunk(picture, floor=PHOTO_SIZE if photo else (1, 1)), decoded.came_as, warnings


def editors_kept(decoded: Decoded, *, form: str) -> tuple[bytes, tuple[int, int]]:
    """What is kept of an editor's picture, and its new size."""
    picture = _coloured(decoded, EDITORS_LONGEST_SIDE)
    while len(written := _written(picture, form, **EDITORS_OPTIONS[form])) > EDITORS_BYTES:
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
    return written, picture.size


def _coloured(decoded: Decoded, longest: int) -> Image.Image:
    """At its final size, in sRGB: fewer pixels to convert."""
    picture = decoded.picture
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return to_srgb(picture, decoded.profile)


def decode(content: bytes, forms: tuple[str, ...], longest: int, convert: Callable[[Image.Image], Image.Image]) -> Decoded:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, has it otherwise for the whole process
    profile = pngs.profile(content)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(pngs.without_extras(content)), formats=forms) as picture,
        ):
            check_size(picture.size)
            orientation = _orientation(picture)
            came_as = picture.size[::-1] if orientation in (5, 6, 7, 8) else picture.size
            picture.draft(None, (longest, longest))  # a JPEG decodes at a half or a quarter where that is enough
            picture.load()
            reduced = reduce(picture.size, longest, lambda top, end: convert(picture.crop((0, top, picture.width, end))))
            return Decoded(_turned(reduced, orientation), came_as, profile or picture.info.get("icc_profile"))
    except _BOMBS:
        raise ContentRefused(Reason.TOO_MANY_PIXELS) from None
    except _UNREADABLE as error:
        raise ContentRefused(Reason.DAMAGED) from error


def check_size(size: tuple[int, int]) -> None:
    """Raise ContentRefused for more pixels than are decoded."""
    if size[0] * size[1] > MAX_PIXELS or max(size) > MAX_SIDE:
        raise ContentRefused(Reason.TOO_MANY_PIXELS)


def _orientation(picture: Image.Image) -> object:
    """As the camera says; one that says it in a way that nobody understands held it upright."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation, 1)
    except _UNREADABLE:
        return 1


def reduce(size: tuple[int, int], longest: int, rows: Callable[[int, int], Image.Image]) -> Image.Image:
    """A picture reduced band by band, so that a large one is in memory once only; `rows` gives those from one row to another."""
    factor = max(1, max(size) // longest)
    step, result = _BAND * factor, None
    for top in range(0, size[1], step):
        band = rows(top, min(top + step, size[1])).reduce(factor)
        if result is None:
            result = Image.new(band.mode, (band.width, -(-size[1] // factor)))
        result.paste(band, (0, top // factor))
    if result is None:
        raise ContentRefused(Reason.DAMAGED)
    return result


def _turned(picture: Image.Image, orientation: object) -> Image.Image:
    method = UPRIGHT.get(orientation)
    return picture if method is None else picture.transpose(method)


def on_white(picture: Image.Image) -> Image.Image:
    """On white, in RGB, grey, or the colours of a printing press."""
    if picture.mode.startswith("I"):  # 16-bit grey scans
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert({"1": "L", "L": "L", "CMYK": "CMYK"}.get(picture.mode, "RGB"))
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def plain(picture: Image.Image) -> Image.Image:
    """With its transparency, in a mode that every format writes."""
    return picture.convert("RGBA") if picture.has_transparency_data else on_white(picture)


def _shrunk(picture: Image.Image, *, floor: tuple[int, int]) -> bytes:
    """Quality gives way first, then size; a photo stays at 413 x 531 or more where it was."""
    while len(smallest := _jpeg(picture, QUALITIES[0])) > STORED_BYTES:
        scale = min(0.8, (STORED_BYTES / len(smallest)) ** 0.5)
        size = int(picture.width * scale), int(picture.height * scale)
        if size[0] < floor[0] or size[1] < floor[1]:
            return smallest
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _best_that_fits(picture, smallest)


def _best_that_fits(picture: Image.Image, smallest: bytes) -> bytes:
    """The JPEG of the highest quality that is small enough; `smallest`, of the lowest, is, and tells where to begin."""
    tried = {0: smallest}

    def fits(at: int) -> bool:
        if at not in tried:
            tried[at] = _jpeg(picture, QUALITIES[at])
        return len(tried[at]) <= STORED_BYTES

    at = max(index for index, grown in enumerate(_GROWN) if len(smallest) * grown <= STORED_BYTES)
    while not fits(at):
        at -= 1
    while at + 1 < len(QUALITIES) and fits(at + 1):
        at += 1
    return tried[at]


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    return _written(picture, "JPEG", quality=quality)


def _written(picture: Image.Image, form: str, **options: int) -> bytes:
    out = BytesIO()
    picture.info = {}  # Pillow's writers copy from it: comments, profiles, resolution
    picture.save(out, form, **options)
    return out.getvalue()
