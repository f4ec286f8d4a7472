"""The picture of the 驗證碼: characters of several typefaces, bent one by one, touching, crossed by strokes of their own kind.

It is drawn from a seed, so that fetching it again shows nothing new: many drawings of one code could be averaged.
"""

import functools
import io
import math
import random
from pathlib import Path

import captcha
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 400, 128  # for sharp screens; others get it as large as it is shown
GLYPH = 120  # the square in which a character is bent
CELLS = 3  # a side of that square, for bending
PAPER = (250, 250, 248)
# What is there of these; the first comes with django-simple-captcha. fonts-noto-cjk brings the others (requirements/debian.txt).
TYPEFACES = (
    (str(Path(captcha.__file__).parent / "fonts" / "Vera.ttf"), 1.0),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 1.02),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 1.05),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 1.02),
)
Point = tuple[float, float]


def png(text: str, seed: bytes, *, scale: int) -> bytes:
    """The picture of `text`, always the same for one seed; `scale` 1 or 2."""
    image = draw(text, random.Random(seed))  # noqa: S311  # seeded by a keyed hash
    if scale == 1:
        image = image.resize(settings.CAPTCHA_IMAGE_SIZE, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def draw(text: str, dice: random.Random) -> Image.Image:
    """Characters and strokes as one mask, in one dark ink."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    glyphs = [_glyph(character, dice) for character in text]
    overlap = dice.uniform(5, 9)
    total = sum(glyph.width for glyph in glyphs) - overlap * (len(glyphs) - 1)
    squeeze = min(1.0, (WIDTH - 24) / total)
    x = max(12.0, (WIDTH - total * squeeze) / 2 + dice.uniform(-14, 14))
    for glyph in glyphs:
        fitted = glyph.resize((max(1, round(glyph.width * squeeze)), glyph.height), Image.Resampling.BICUBIC)
        room = max(HEIGHT - fitted.height, 0)
        y = round(room / 2 + dice.uniform(-0.3, 0.3) * room)
        mask.paste(255, (round(x), y), fitted)
        x += fitted.width - overlap * squeeze
    _cut(mask, dice)
    _strike(mask, dice)
    image = Image.new("RGB", mask.size, PAPER)
    image.paste(_ink(dice), (0, 0), _waved(mask, dice))
    return image


def _ink(dice: random.Random) -> tuple[int, int, int]:
    return dice.randint(10, 70), dice.randint(20, 70), dice.randint(40, 110)


@functools.cache
def _fonts() -> list[tuple[str, float]]:
    return [(path, size) for path, size in TYPEFACES if Path(path).exists()]


@functools.cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _glyph(character: str, dice: random.Random) -> Image.Image:
    """One character, turned, slanted, bent, cut out."""
    path, factor = dice.choice(_fonts())
    font = _font(path, round(dice.choice((88, 94, 100)) * factor))
    square = Image.new("L", (GLYPH, GLYPH))
    ImageDraw.Draw(square).text((GLYPH / 2, GLYPH / 2), character, font=font, fill=255, anchor="mm")
    slant = dice.uniform(-0.15, 0.15)
    slanted = square.transform(
        square.size, Image.Transform.AFFINE, (1, slant, -slant * GLYPH / 2, 0, 1, 0), Image.Resampling.BICUBIC
    )
    turned = slanted.rotate(dice.uniform(-20, 20), Image.Resampling.BICUBIC)
    bent = turned.transform(turned.size, Image.Transform.MESH, _mesh(dice), Image.Resampling.BILINEAR)
    return bent.crop(bent.getbbox())


def _mesh(dice: random.Random) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """Every corner of a grid is pulled somewhere else."""
    side, pull = GLYPH / CELLS, GLYPH / 18
    corners = {
        (column, row): (column * side + dice.uniform(-pull, pull), row * side + dice.uniform(-pull, pull))
        for column in range(CELLS + 1)
        for row in range(CELLS + 1)
    }
    return [
        (
            (round(column * side), round(row * side), round((column + 1) * side), round((row + 1) * side)),
            (*corners[column, row], *corners[column, row + 1], *corners[column + 1, row + 1], *corners[column + 1, row]),
        )
        for column in range(CELLS)
        for row in range(CELLS)
    ]


def _curve(points: list[Point], parts: int = 28) -> list[Point]:
    """A cubic Bézier curve as a line of many parts."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    found = []
    for part in range(parts + 1):
        t = part / parts
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return found


def _across(dice: random.Random) -> list[Point]:
    """A curve from side to side, through the characters."""
    return _curve([(WIDTH * (third / 3) + dice.uniform(-20, 20), dice.uniform(0.15, 0.85) * HEIGHT) for third in range(4)])


def _cut(mask: Image.Image, dice: random.Random) -> None:
    """A thin gap, so that a character is not one piece."""
    pen = ImageDraw.Draw(mask)
    pen.line(_across(dice), fill=0, width=3, joint="curve")


def _strike(mask: Image.Image, dice: random.Random) -> None:
    """Strokes as thick as a character's, so that characters are not apart and no filter takes the strokes away."""
    pen = ImageDraw.Draw(mask)
    for width in (6, 5):
        pen.line(_across(dice), fill=255, width=width, joint="curve")
    for _stroke in range(2):
        x, y = dice.uniform(10, WIDTH - 10), dice.uniform(8, HEIGHT - 8)
        reach = [(x + dice.uniform(-26, 26), y + dice.uniform(-26, 26)) for _point in range(4)]
        pen.line(_curve(reach, 12), fill=255, width=dice.randint(5, 8), joint="curve")


def _waved(mask: Image.Image, dice: random.Random) -> Image.Image:
    """The whole in waves: no line of characters is straight."""
    strips, swing, length, start = 40, dice.uniform(4, 7), dice.uniform(150, 260), dice.uniform(0, math.tau)
    width = WIDTH // strips
    mesh = []
    for strip in range(strips):
        left, right = strip * width, (strip + 1) * width
        up, down = (swing * math.sin(start + math.tau * x / length) for x in (left, right))
        mesh.append(((left, 0, right, HEIGHT), (left, up, left, HEIGHT + up, right, HEIGHT + down, right, down)))
    return mask.transform(mask.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
