"""驗證碼 by ear: four groups of beeps, each higher than the one before. The number of beeps in each group is the code.

It needs no speech, so it is the same in every language, and nothing but the standard library (docs/adr).
"""

import io
import math
import wave
from functools import cache

from django.utils.crypto import salted_hmac

GROUPS, MOST = 4, 6  # as many groups, of one to so many beeps
RATE = 8000
BEEP, PAUSE, BREAK, BEFORE = 0.16, 0.24, 1.1, 0.5  # seconds
PITCHES = (523, 659, 784, 988)
FADE = 0.01
SILENCE = 128  # of unsigned 8-bit samples


def digits(key: str) -> str:
    """The code of the 驗證碼 with that key. Nobody can tell it from the key without the portal's secret."""
    drawn = salted_hmac("portal.accounts.sound", key, algorithm="sha256").digest()
    return "".join(str(byte % MOST + 1) for byte in drawn[:GROUPS])


def recording(code: str) -> bytes:
    """A WAV file in which `code` can be counted."""
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(1)
        track.setframerate(RATE)
        track.writeframes(_silence(BEFORE) + _silence(BREAK).join(_group(*group) for group in zip(code, PITCHES, strict=True)))
    return file.getvalue()


def _group(digit: str, pitch: int) -> bytes:
    return (_beep(pitch) + _silence(PAUSE)) * int(digit)


def _silence(seconds: float) -> bytes:
    return bytes([SILENCE]) * round(seconds * RATE)


@cache
def _beep(pitch: int) -> bytes:
    """A tone that swells and fades, so that it does not click."""
    moments = [frame / RATE for frame in range(round(BEEP * RATE))]
    return bytes(round(SILENCE + 100 * _loudness(at) * math.sin(math.tau * pitch * at)) for at in moments)


def _loudness(at: float) -> float:
    return min(1.0, at / FADE, (BEEP - at) / FADE)
