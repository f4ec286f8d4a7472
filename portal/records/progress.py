"""How far a long command has come."""

from typing import Protocol

from django.core.management.base import OutputWrapper

WIDTH = 30


class Progress(Protocol):
    """Told now and then that `done` of `total` of a piece of work is behind us."""

    def __call__(self, work: str, done: int, total: int) -> None: ...


def silent(work: str, done: int, total: int) -> None:
    """For callers who do not watch."""


class ProgressBar:
    """A bar that grows in place on a terminal; elsewhere one line of text for every quarter."""

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream
        self.shown: tuple[str, int] = ("", -1)

    def __call__(self, work: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        now = (work, percent if self.stream.isatty() else percent // 25)
        if now != self.shown:
            self.shown = now
            self._draw(work, percent)

    def _draw(self, work: str, percent: int) -> None:
        line = f"{work}: {percent}%\n"
        if self.stream.isatty():
            filled = WIDTH * percent // 100
            line = f"\r[{'#' * filled}{'-' * (WIDTH - filled)}] {percent:3d}% {work}" + ("\n" if percent == 100 else "")
        self.stream.write(line, str, ending="")
        self.stream.flush()
