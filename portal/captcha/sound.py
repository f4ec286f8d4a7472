"""驗證碼 by ear: four groups of beeps, each higher than the one before. The number of beeps in each group is the code.

Among them are sounds that are no beeps: a rustle throughout, and whoops that glide up or down. A person tells them apart at
once; a program that waits for something loud counts them too. It needs no speech, so it is the same in every language, and
nothing but the standard library (docs/adr).
"""

import io
import math
import random
import wave

from django.utils.crypto import salted_hmac

GROUPS, MAX_STEP = 4, 6  # as many groups, of one to so many beeps
RATE = 8000
BREAK, BEFORE = 1.1, 0.6  # seconds between two groups, and before the first
FADE = 0.01
SILENCE = 128  # of unsigned 8-bit samples
RUSTLE = bytes(round(SILENCE + (byte - 127.5) / 9) for byte in range(256))  # noise, made quiet


def digits(key: str, *, part: int = 0) -> str:
    """The code of the 驗證碼 with that key, or its second one. Nobody can tell it from the key without the portal's secret."""
    drawn = salted_hmac("portal.captcha.sound", f"{key}{part or ''}", algorithm="sha256").digest()
    return "".join(str(byte % MAX_STEP + 1) for byte in drawn[:GROUPS])


def recording(code: str, seed: bytes) -> bytes:
    """A WAV file in which `code` can be counted; always the same for one seed, so that several cannot be averaged."""
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(1)
        track.setframerate(RATE)
        track.writeframes(_mixed(code, random.Random(seed)))  # noqa: S311  # seeded by a keyed hash
    return file.getvalue()


def _mixed(code: str, dice: random.Random) -> bytes:
    """Beeps and whoops at their moments, over the rustle."""
    sounds, length = _timed(code, dice)
    track = bytearray(dice.randbytes(round(length * RATE)).translate(RUSTLE))
    for moment, wave_ in sounds:
        start = round(moment * RATE)
        for at, swing in enumerate(wave_, start):
            track[at] = min(255, max(0, track[at] + swing))
    return bytes(track)


def _timed(code: str, dice: random.Random) -> tuple[list[tuple[float, list[int]]], float]:
    """What sounds when, and how long it all takes. Each recording has a tempo and pitches of its own."""
    sounds: list[tuple[float, list[int]]] = []
    beep, pause, pitch = dice.uniform(0.14, 0.2), dice.uniform(0.2, 0.28), dice.uniform(430, 540)
    at = BEFORE + _whoop(sounds, BEFORE / 2, dice)
    for digit in code:
        for _beep in range(int(digit)):
            sounds.append((at, _tone(pitch, pitch, beep * dice.uniform(0.85, 1.15))))
            at += beep + pause * dice.uniform(0.85, 1.2)
        at += BREAK / 2
        if dice.random() < 0.7:
            at += _whoop(sounds, at - BREAK / 4, dice)
        at += BREAK / 2
        pitch *= dice.uniform(1.22, 1.32)
    return sounds, at + 0.2


def _whoop(sounds: list[tuple[float, list[int]]], at: float, dice: random.Random) -> float:
    """A sound that glides through the pitches of the beeps; how long it takes."""
    length = dice.uniform(0.3, 0.5)
    low, high = dice.uniform(330, 480), dice.uniform(900, 1300)
    start, end = (low, high) if dice.random() < 0.5 else (high, low)
    sounds.append((at, _tone(start, end, length)))
    return length


def _tone(start: float, end: float, seconds: float) -> list[int]:
    """A tone, steady or gliding, that swells and fades, so that it does not click."""
    frames = round(seconds * RATE)
    glide = (end - start) / (2 * seconds)
    swings = []
    for frame in range(frames):
        at = frame / RATE
        loudness = min(1.0, at / FADE, (seconds - at) / FADE)
        swings.append(round(80 * loudness * math.sin(math.tau * (start + glide * at) * at)))
    return swings
