"""`bin/bench captcha`: how often simple programs read the 驗證碼: the picture and the beeps of before, and those of now.

The reader of pictures takes noise away, cuts the characters apart where the ink is thinnest, and compares each with every
character of the very typefaces, turned and slanted. The counter of beeps is the twenty lines that read the beeps of
before: what is loud is a beep, what is long and silent parts two groups. The second counter listens for steady tones only.
"""

import argparse
import io
import itertools
import math
import random
import secrets
import wave
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 20  # characters are compared as squares of so many dots
Bitmap = int
CHARACTERS = "ACEHKNPRTY"


# -- reading the picture ------------------------------------------------------------------------


def bitmap(ink: Image.Image) -> Bitmap:
    """A character, cut to its edges and made equally large, as one number."""
    box = _character_box(ink)
    if box is None:
        return 0
    small = ink.crop(box).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return int("".join("1" if dot > 110 else "0" for dot in small.tobytes()), 2)


def _character_box(ink: Image.Image) -> tuple[int, int, int, int] | None:
    """The edges of what is more than a speck."""
    data, width = ink.tobytes(), ink.width
    rows = [y for y in range(ink.height) if sum(dot > 110 for dot in data[y * width : (y + 1) * width]) > 1]
    columns = [x for x in range(width) if sum(dot > 110 for dot in data[x::width]) > 1]
    return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if rows and columns else None


@cache
def templates(typefaces: tuple[str, ...]) -> list[tuple[str, Bitmap]]:
    """Every character of every typeface, turned, and slanted where the picture slants them."""
    found = []
    slants = (-0.2, 0.0, 0.2) if len(typefaces) > 1 else (0.0,)
    for path, character in itertools.product(typefaces, CHARACTERS):
        square = Image.new("L", (120, 120))
        font = ImageFont.truetype(path, 70)
        ImageDraw.Draw(square).text((60, 60), character, font=font, fill=255, anchor="mm")
        for slant, turn in itertools.product(slants, range(-20, 21, 5)):
            affine = (1, slant, -slant * 60, 0, 1, 0)
            bent = square.transform(square.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
            found.append((character, bitmap(bent.rotate(turn, Image.Resampling.BILINEAR))))
    return found


def best(ink: Image.Image, typefaces: tuple[str, ...]) -> tuple[int, str]:
    """How many dots differ from the likest character, and which it is."""
    seen = bitmap(ink)
    return min(((seen ^ shape).bit_count(), character) for character, shape in templates(typefaces))


def ink_of(picture: Image.Image) -> Image.Image:
    """White ink on black, without what is thinner than a character's stroke."""
    grey = picture.convert("L").resize((200, 64), Image.Resampling.LANCZOS)
    smooth = grey.filter(ImageFilter.GaussianBlur(1.2))
    return smooth.point(lambda dot: 255 if dot < 118 else 0)


def cuts(ink: Image.Image, characters: int) -> list[int]:
    """The columns between the characters: of all that are not too near one another those with the least ink."""
    box = ink.getbbox() or (0, 0, ink.width, ink.height)
    data = ink.tobytes()
    columns = [sum(1 for y in range(ink.height) if data[y * ink.width + x]) for x in range(ink.width)]
    left = next((x for x in range(ink.width) if columns[x] > 3), box[0])
    right = next((x for x in reversed(range(ink.width)) if columns[x] > 3), box[2])
    width = (right - left) / characters
    found = [left]
    for place in range(1, characters):
        middle = left + width * place
        near = range(max(0, round(middle - width * 0.4)), min(ink.width, round(middle + width * 0.4)))
        found.append(min(near, key=lambda x: (columns[x], abs(x - middle)), default=round(middle)))
    return [*found, right + 1]


def read_picture(picture: Image.Image, typefaces: tuple[str, ...], characters: int = 5) -> str:
    """What the program reads."""
    ink = ink_of(picture)
    edges = cuts(ink, characters)
    pieces = [ink.crop((left, 0, max(right, left + 1), ink.height)) for left, right in itertools.pairwise(edges)]
    return "".join(best(piece, typefaces)[1] for piece in pieces)


# -- counting the beeps ------------------------------------------------------------------------


def samples_of(recording: bytes) -> tuple[int, bytes]:
    with wave.open(io.BytesIO(recording)) as track:
        return track.getframerate(), track.readframes(track.getnframes())


def grouped(loud: list[bool], break_: int = 60) -> str:
    """Beeps that follow one another soon are one group; each of `loud` is a hundredth of a second."""
    code, beeps, silence = "", 0, 0
    for is_loud, run in itertools.groupby(loud):
        silence = 0 if is_loud else len(list(run))
        beeps += is_loud
        if silence > break_ and beeps:
            code, beeps = code + str(beeps), 0
    return code + (str(beeps) if beeps else "")


def count_loud(recording: bytes) -> str:
    """The twenty lines: what is louder than half of the loudest is a beep."""
    rate, samples = samples_of(recording)
    slices = [samples[at : at + rate // 100] for at in range(0, len(samples), rate // 100)]
    swings = [max(piece) - min(piece) for piece in slices]
    limit = max(swings) / 2
    return grouped([swing > limit for swing in swings])


def loudness(piece: bytes, rate: int, pitch: float) -> float:
    """Goertzel: how much of that pitch is in the piece."""
    turn = 2 * math.cos(math.tau * pitch / rate)
    before = last = 0.0
    for sample in piece:
        before, last = last, sample - 128 + turn * last - before
    return math.sqrt(max(last * last + before * before - turn * last * before, 0.0)) / len(piece)


def count_tones(recording: bytes) -> str:
    """Who knows the source: pieces that sound at one pitch for a tenth of a second, whatever else is heard."""
    rate, samples = samples_of(recording)
    step = rate // 50
    pitches = [380 * 1.06**number for number in range(22)]
    strongest = []
    for at in range(0, len(samples) - step, step):
        heard = [(loudness(samples[at : at + step], rate, pitch), pitch) for pitch in pitches]
        strongest.append(max(heard))
    limit = max(force for force, _pitch in strongest) / 2
    found = [pitch if force > limit else 0.0 for force, pitch in strongest]
    steady = [False] * len(found)
    for at in range(len(found) - 4):
        part = found[at : at + 4]
        if all(part) and max(part) / min(part) < 1.07:
            steady[at : at + 4] = [True] * 4
    return grouped(steady, 30)


# -- before and now ------------------------------------------------------------------------------


def old_picture(code: str) -> Image.Image:
    """As django-simple-captcha draws it with the settings that the portal had."""
    from captcha.conf import settings
    from captcha.models import CaptchaStore
    from captcha.views import _captcha_image

    names = ("CAPTCHA_FONT_SIZE", "CAPTCHA_LETTER_ROTATION", "CAPTCHA_IMAGE_SIZE")
    now = [getattr(settings, name) for name in names]
    settings.CAPTCHA_FONT_SIZE, settings.CAPTCHA_LETTER_ROTATION, settings.CAPTCHA_IMAGE_SIZE = 38, (-20, 20), (200, 64)
    answer = _captcha_image(CaptchaStore(challenge=code, response=code.lower()), 1)
    for name, value in zip(names, now, strict=True):
        setattr(settings, name, value)
    return Image.open(io.BytesIO(answer.content))


def new_picture(code: str) -> Image.Image:
    from portal.captcha import picture

    return picture.draw(code, random.Random(secrets.token_bytes(16)))  # noqa: S311


def old_recording(code: str) -> bytes:
    """As the portal wrote it: nothing but beeps and silence."""
    rate, parts = 8000, [b"\x80" * 4000]
    for digit, pitch in zip(code, (523, 659, 784, 988), strict=True):
        beep = bytes(round(128 + 100 * math.sin(math.tau * pitch * frame / rate)) for frame in range(round(0.16 * rate)))
        parts += [(beep + b"\x80" * 1920) * int(digit), b"\x80" * 8800]
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(1)
        track.setframerate(rate)
        track.writeframes(b"".join(parts))
    return file.getvalue()


def new_recording(code: str) -> bytes:
    from portal.captcha import sound

    return sound.recording(code, secrets.token_bytes(16))


def typefaces() -> tuple[str, ...]:
    from portal.captcha import picture

    return tuple(path for path, _size in picture._fonts())


def picture_rate(draw: Callable[[str], Image.Image], faces: tuple[str, ...], count: int) -> float:
    """The share of pictures that are read wholly right."""
    codes = ["".join(secrets.choice(CHARACTERS) for _place in range(5)) for _picture in range(count)]
    return sum(read_picture(draw(code), faces) == code for code in codes) / count


def sound_rate(record: Callable[[str], bytes], counter: Callable[[bytes], str], count: int) -> float:
    """The share of recordings that are counted wholly right."""
    codes = ["".join(secrets.choice("123456") for _group in range(4)) for _recording in range(count)]
    return sum(counter(record(code)) == code for code in codes) / count


def main() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    count, all_faces = options.count, typefaces()
    print(f"\ncaptcha, {count} of each: read wholly right by a program\n")
    print(f"picture of before, cut apart and compared   {picture_rate(old_picture, all_faces[:1], count):6.1%}")
    print(f"picture of now, cut apart and compared      {picture_rate(new_picture, all_faces, count):6.1%}")
    for name, counter in (("twenty lines", count_loud), ("steady tones", count_tones)):
        before = sound_rate(old_recording, counter, max(count // 4, 1))
        now = sound_rate(new_recording, counter, max(count // 4, 1))
        print(f"beeps, {name}: before {before:6.1%}, now {now:6.1%}")


if __name__ == "__main__":
    main()
