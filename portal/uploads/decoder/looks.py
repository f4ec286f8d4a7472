"""What is odd about how a picture looks, from its pixels: it is taken all the same, and its owner is warned."""

from PIL import Image, ImageFilter, ImageStat

from .problems import FileWarning

_SMALL, _LARGE = 300, 1000  # longest sides of the pictures that are looked at
DARK = 90  # of 255: even what is lightest in the picture is darker
DIFFERENT, MARKS = 24, 0.0005  # a page is blank when fewer of its pixels differ so much from most of it
SHARP = 12  # variance of the Laplacian where the picture is sharpest; a scan has hundreds, a hand that shook a few
_TILES = 8
_SHARPEST = 2  # of those tiles must be sharp
_GRAIN = ImageFilter.GaussianBlur(1)  # what a sensor adds is as sharp as can be, whatever the lens saw
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def odd_looks(picture: Image.Image) -> list[FileWarning]:
    """Too dark, blank, or blurred; one of them at most, for each hides the next."""
    grey = picture.convert("L")
    if _is_dark(grey):
        return [FileWarning.DARK]
    if _is_blank(grey):
        return [FileWarning.BLANK]
    return [FileWarning.BLURRED] if _is_blurred(grey) else []


def _reduced(grey: Image.Image, longest: int) -> Image.Image:
    small = grey.copy()
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    return small


def _level(histogram: list[int], share: float) -> int:
    """The brightness that this share of the pixels does not pass."""
    left = share * sum(histogram)
    for level, count in enumerate(histogram):
        left -= count
        if left <= 0:
            return level
    return len(histogram) - 1


def _is_dark(grey: Image.Image) -> bool:
    return _level(_reduced(grey, _SMALL).histogram(), 0.95) < DARK


def _is_blank(grey: Image.Image) -> bool:
    histogram = _reduced(grey, _SMALL).histogram()
    middle = _level(histogram, 0.5)
    marks = sum(count for level, count in enumerate(histogram) if abs(level - middle) > DIFFERENT)
    return marks < MARKS * sum(histogram)


def _is_blurred(grey: Image.Image) -> bool:
    """Where a picture is sharpest its edges are; a background may be as soft as it likes."""
    small = _reduced(grey, _LARGE)
    if min(small.size) < 2 * _TILES + 2:
        return False
    edges = small.filter(_GRAIN).filter(_LAPLACIAN).crop((1, 1, small.width - 1, small.height - 1))
    wide, high = edges.width // _TILES, edges.height // _TILES
    corners = ((column * wide, row * high) for row in range(_TILES) for column in range(_TILES))
    sharpness = sorted(ImageStat.Stat(edges.crop((x, y, x + wide, y + high))).var[0] for x, y in corners)
    return sharpness[-_SHARPEST] < SHARP
