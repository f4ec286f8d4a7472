"""The only way to a decoder: a process of its own for each file, without rights, with limits, and never believed."""

import fcntl
import json
import logging
import os
import select
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from . import forking
from .decoder import sandbox
from .decoder.problems import Reason
from .decoder.worker import SANDBOX_FAILED
from .file_problems import FileProblem, FileRefused
from .waiting import turn

log = logging.getLogger(__name__)

MAX_HEADER: Final = 1000
LIMITS: Final = {"memory": sandbox.MAX_MEMORY, "cpu": sandbox.MAX_CPU}
# HEIC takes ten times as long as a JPEG: 48 megapixels two and a half seconds.
LIMITS_OF: Final = {job: {**LIMITS, "cpu": 4} for job in ("heic", "editors_heic")}


class NoAnswer(Exception):
    """The process gave no answer that could be used."""


class TooSlow(NoAnswer):
    """Its time is over. A bomb uses up its CPU time first, so it is the machine that is busy."""


@dataclass(frozen=True)
class Answer:
    """What the process said of the file, and the new file. Bytes of a stranger's making still: check before use."""

    said: dict[str, Any]
    content: bytes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a picture."""
        match self.said.get("size"):
            case [int(width), int(height)] if 0 < width < 100_000 and 0 < height < 100_000:
                return width, height
        raise FileRefused(FileProblem.DAMAGED)


def decode(job: str, content: bytes, *, sender: int | None, most: int, **options: object) -> Answer:
    """Have the job done when it is the sender's turn. At most `most` bytes come back. Raises FileRefused."""
    with turn(sender) as seconds:
        answer = _asked(job, content, most, options, seconds)
    raise_refusal(answer.said)
    return answer


def raise_refusal(said: dict[str, Any]) -> None:
    """Raise FileRefused if the process refused the file; a reason that there is not is none."""
    if refused := said.get("refused"):
        raise FileRefused.by_decoder(next((reason for reason in Reason if reason == refused), Reason.DAMAGED))


def _asked(job: str, content: bytes, most: int, options: Mapping[str, object], seconds: float) -> Answer:
    try:
        return run(job, content, most=most, options=options, limits=LIMITS_OF.get(job, LIMITS), seconds=seconds)
    except TooSlow as error:
        raise FileRefused(FileProblem.BUSY) from error
    except NoAnswer as error:
        log.warning("a file was too much for the decoder (%s): %s", job, error)
        raise FileRefused(FileProblem.TOO_COMPLEX) from error
    except (sandbox.NoSandbox, OSError) as error:
        log.exception("the decoder does not work")
        raise FileRefused(FileProblem.UPLOAD_FAILED) from error


def run(
    job: str,
    content: bytes,
    *,
    most: int,
    options: Mapping[str, object],
    server: forking.DecoderServer | None = None,
    limits: Mapping[str, int] = LIMITS,
    seconds: float | None = None,
) -> Answer:
    """Start a process, give it the file, take its answer. Raises NoAnswer, NoSandbox and OSError."""
    order = {"job": job, "options": options, "limits": limits, "sandbox": settings.UPLOAD_SANDBOX}
    until = time.monotonic() + (settings.UPLOAD_ANSWER_SECONDS if seconds is None else seconds)
    with _held(content) as held:
        answer, leash = (server or forking).start(order, held.fileno())
    with leash, os.fdopen(answer, "rb", buffering=0) as pipe:  # whoever still works when the leash goes is killed
        raw = _read(pipe.fileno(), MAX_HEADER + most, until)
        status = _read(leash.fileno(), 10, until).decode()
    if status == str(SANDBOX_FAILED):
        raise sandbox.NoSandbox("the decoder could not lock itself up")
    if status != "0":
        raise NoAnswer(f"ended with {status or 'its server'}")
    return _parsed(raw)


def _held(content: bytes) -> Any:
    """The file in memory, behind a descriptor that nobody can write to; a pipe would have to be fed."""
    held = os.fdopen(os.memfd_create("upload", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "wb", buffering=0)
    held.write(content)
    held.seek(0)
    fcntl.fcntl(held, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return held


def _read(descriptor: int, most: int, until: float) -> bytes:
    """What the process writes until it closes its end: in time, and not more than agreed."""
    length = 0
    parts: list[bytes] = []
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while True:
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TooSlow
        part = os.read(descriptor, 1024 * 1024)
        if not part:
            return b"".join(parts)
        parts.append(part)
        length += len(part)
        if length > most:
            raise NoAnswer("too much output")


def _parsed(raw: bytes) -> Answer:
    header, newline, content = raw.partition(b"\n")
    if not newline or len(header) > MAX_HEADER:
        raise NoAnswer("no header")
    try:
        said = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("no header") from error
    if not isinstance(said, dict):
        raise NoAnswer("no header")
    return Answer(said, content)
