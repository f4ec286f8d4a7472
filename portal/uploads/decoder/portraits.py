"""A photo 照片: cut to the proportions it is printed in, and looked at as an officer would, by its silhouette.

No face is looked for: what is not background is the person, its top is the head's, and where it is narrowest below is the neck.
That tells a head that is far too small, not one that is a millimetre too small; so it warns, and never refuses.
"""

from itertools import accumulate

from PIL import Image, ImageChops, ImageStat

from .problems import PHOTO_SIZE, FileWarning

_WIDE, _HIGH = 70, 90  # the photo at two pixels a millimetre
_WHITE, _COLOURLESS = 200, 36  # of 255: a background's darkest channel, and how far its channels lie apart
_OTHER = 40  # what differs so much from the background is not background
# Lengths in pixels of that size: from the top of the hair to the neck, as 32 to 36 mm from there to the chin leave it.
_SHORTEST, _LONGEST = 56, 82
_LOWEST_TOP = 22
_WIDEST = 62
_ASIDE = 8  # how far the middle of the head may lie from the middle of the photo
_NECK = 6  # so much narrower than what is above and below it


def printed_part(picture: Image.Image) -> Image.Image:
    """The middle of the picture in the proportions of 35 x 45 mm: what ImageOps.fit of portal.downloads.papers prints."""
    wide, high = PHOTO_SIZE
    if picture.width * high > picture.height * wide:
        size = max(1, round(picture.height * wide / high)), picture.height
    else:
        size = picture.width, max(1, round(picture.width * high / wide))
    left, top = (picture.width - size[0]) // 2, (picture.height - size[1]) // 2
    return picture.crop((left, top, left + size[0], top + size[1]))


def odd_portrait(photo: Image.Image) -> list[FileWarning]:
    """What is odd about a photo, cut to its proportions."""
    small = photo.convert("RGB").resize((_WIDE, _HIGH), Image.Resampling.BOX)
    behind = _background(small)
    return _odd_head(_silhouette(small, behind)) if _is_white(behind) else [FileWarning.BACKGROUND]


def _background(small: Image.Image) -> tuple[int, ...]:
    """Its colour: the median of what lies along the edges of the upper half, where no shoulder is."""
    strips = [(0, 0, _WIDE, 3), (0, 0, 4, _HIGH // 2), (_WIDE - 4, 0, _WIDE, _HIGH // 2)]
    medians = [ImageStat.Stat(small.crop(strip)).median for strip in strips]
    return tuple(sorted(channel)[1] for channel in zip(*medians, strict=True))


def _is_white(colour: tuple[int, ...]) -> bool:
    return min(colour) >= _WHITE and max(colour) - min(colour) <= _COLOURLESS


def _silhouette(small: Image.Image, behind: tuple[int, ...]) -> list[tuple[int, int]]:
    """Of each row, how many pixels are the person's, and the sum of where they lie."""
    red, green, blue = ImageChops.difference(small, Image.new("RGB", small.size, behind)).split()
    away = ImageChops.lighter(ImageChops.lighter(red, green), blue).tobytes()
    rows = (away[start : start + _WIDE] for start in range(0, _WIDE * _HIGH, _WIDE))
    return [(len(places), sum(places)) for row in rows for places in [[at for at, far in enumerate(row) if far > _OTHER]]]


def _odd_head(rows: list[tuple[int, int]]) -> list[FileWarning]:
    widths = [count for count, _ in rows]
    top = next((row for row, width in enumerate(widths) if width >= 3), None)
    if top is None:
        return []
    neck = _neck(widths, top)
    size = _size_of_head(widths, top, neck)
    return ([size] if size else []) + ([FileWarning.HEAD_ASIDE] if _is_aside(rows[top : neck or top + _SHORTEST]) else [])


def _neck(widths: list[int], top: int) -> int | None:
    """The row that is narrowest between a head above and shoulders below; none where long hair or the frame hide it."""
    above = list(accumulate(widths[top:], max))
    below = list(accumulate(reversed(widths[top:]), max))[::-1]
    depths = [min(high, low) - width for high, low, width in zip(above, below, widths[top:], strict=True)]
    deepest = max(range(len(depths)), key=depths.__getitem__)
    return top + deepest if depths[deepest] >= _NECK else None


def _size_of_head(widths: list[int], top: int, neck: int | None) -> FileWarning | None:
    if top > _LOWEST_TOP or (neck is not None and neck - top < _SHORTEST):
        return FileWarning.HEAD_SMALL
    is_cut_off = top == 0 and widths[0] > _WIDE // 3
    is_wide = max(widths[: _HIGH // 2]) > _WIDEST
    return FileWarning.HEAD_LARGE if is_cut_off or is_wide or (neck is not None and neck - top > _LONGEST) else None


def _is_aside(head: list[tuple[int, int]]) -> bool:
    count = sum(count for count, _ in head)
    return abs(sum(places for _, places in head) / count - (_WIDE - 1) / 2) > _ASIDE
