"""Pictures: decoded, turned upright, stripped of what the camera wrote into them, made small."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageFile, ImageOps

from .file_problems import MAX_PIXELS, TOO_MANY_PIXELS, FileProblem, FileRefused

STORED_BYTES = 512 * 1024  # what the agency's own system takes
LONGEST_SIDE = 2400  # an A4 page stays legible: about 205 dots per inch
PHOTO_SIZE = (413, 531)  # 35 x 45 mm at 300 dots per inch
QUALITIES = (40, 50, 60, 70, 80, 85, 90)

# Whatever Pillow's decoders raise on bytes that are no picture (its documentation names no single base class).
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, struct.error, zlib.error)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean_picture(content: bytes, *, photo: bool) -> tuple[bytes, tuple[int, int]]:
    """The picture as a JPEG of at most 512 KB, and the size it came in. Raises FileRefused."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once imported, has it otherwise for the whole process
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "BMP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused(FileProblem.TOO_BIG, TOO_MANY_PIXELS)
            came_as, upright = _seen_size(picture), _upright(picture)
    except _BOMBS:
        raise FileRefused(FileProblem.TOO_BIG, TOO_MANY_PIXELS) from None
    except _UNREADABLE as error:
        raise FileRefused(FileProblem.DAMAGED) from error
    return _shrunk(upright, floor=PHOTO_SIZE if photo else (1, 1)), came_as


def is_small_photo(size: tuple[int, int]) -> bool:
    """Below 413 x 531 pixels."""
    return size[0] < PHOTO_SIZE[0] or size[1] < PHOTO_SIZE[1]


def _seen_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as the eye sees them: a camera held upright writes a lying picture."""
    lying = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    return (picture.height, picture.width) if lying else picture.size


def _upright(picture: Image.Image) -> Image.Image:
    """The decoded pixels, turned upright, on white, in RGB or grey."""
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG decodes at a half or a quarter where that is enough
    return _flat(ImageOps.exif_transpose(picture))


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16-bit grey scans
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _shrunk(picture: Image.Image, *, floor: tuple[int, int]) -> bytes:
    """Quality gives way first, then size; a photo stays at 413 x 531 or more where it was."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    while (content := _best_that_fits(picture)) is None:
        size = picture.width * 4 // 5, picture.height * 4 // 5
        if size[0] < floor[0] or size[1] < floor[1]:
            return _jpeg(picture, QUALITIES[0])
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return content


def _best_that_fits(picture: Image.Image) -> bytes | None:
    """The JPEG of the highest quality that is small enough, found by halving."""
    best, low, high = None, 0, len(QUALITIES) - 1
    while low <= high:
        middle = (low + high) // 2
        if len(content := _jpeg(picture, QUALITIES[middle])) <= STORED_BYTES:
            best, low = content, middle + 1
        else:
            high = middle - 1
    return best


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=b"", icc_profile=None)
    return out.getvalue()
