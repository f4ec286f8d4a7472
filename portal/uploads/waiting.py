"""Who may decode now: so many files at once on this machine, one a person, and not too many who wait.

Locks of open file descriptions (fcntl(2)) on bytes of one file: they hold for all processes of the machine and are gone with
the process that held them. Waiting takes a thread of the web server, so some threads are never given to it; who finds no place
is said at once, and upload.js tries again.
"""

import fcntl
import logging
import os
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from .file_problems import FileProblem, FileRefused

log = logging.getLogger(__name__)

RUNNING: Final = 2  # files that are decoded at the same time
PLACES: Final = 12  # of those and of those who wait in one process of the web server; it has sixteen threads
PLACES_OF_ONE: Final = 2  # one person's: one file in work, one behind it
PATIENCE: Final = 3.2  # seconds until one's turn; of settings.UPLOAD_ANSWER_SECONDS, what is left is for the work
_EACH: Final = 0.02
_places = threading.BoundedSemaphore(PLACES)
# Which byte of the file is which lock.
_RUNNING, _NOBODY = range(100, 100 + RUNNING), range(200, 200 + PLACES)
_PEOPLE = 1000  # and from there on four for each


@contextmanager
def turn(sender: int | None) -> Iterator[float]:
    """In here `sender` (a user's primary key) has one of the `RUNNING` turns, for as many seconds as it yields.

    Raises FileRefused when there is none to be had.
    """
    began = time.monotonic()
    with _place(), _locks() as descriptor:
        if not _one_of(descriptor, _seats(sender)):
            raise FileRefused(FileProblem.BUSY)
        _wait_for(descriptor, _own(sender), began + PATIENCE)
        _wait_for(descriptor, _RUNNING, began + PATIENCE)
        yield began + settings.UPLOAD_ANSWER_SECONDS - time.monotonic()


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise FileRefused(FileProblem.BUSY)
    try:
        yield
    finally:
        _places.release()


@contextmanager
def _locks() -> Iterator[int]:
    try:
        descriptor = open_locks()
    except OSError as error:
        log.exception("the file of the turns cannot be opened")
        raise FileRefused(FileProblem.UPLOAD_FAILED) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # and with it every lock


def open_locks() -> int:
    """A descriptor of the file, to be closed. Raises OSError."""
    path = Path(settings.UPLOAD_LOCKS)
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _seats(sender: int | None) -> range:
    """The places that one person may take; nobody in particular may take any."""
    if sender is None:
        return _NOBODY
    return range(_PEOPLE + 4 * sender, _PEOPLE + 4 * sender + PLACES_OF_ONE)


def _own(sender: int | None) -> range:
    """The lock that makes it one file a person."""
    return _RUNNING if sender is None else range(_PEOPLE + 4 * sender + 3, _PEOPLE + 4 * sender + 4)


def _wait_for(descriptor: int, offsets: range, until: float) -> None:
    while not _one_of(descriptor, offsets):
        if time.monotonic() > until:
            raise FileRefused(FileProblem.BUSY)
        time.sleep(_EACH)


def _one_of(descriptor: int, offsets: Iterable[int]) -> bool:
    return any(_lock(descriptor, offset) for offset in offsets)


def _lock(descriptor: int, offset: int) -> bool:
    """Whether the byte is ours now."""
    wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, offset, 1, 0)
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)
    except (BlockingIOError, PermissionError):
        return False
    return True
