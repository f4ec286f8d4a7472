"""How both commands say that a file cannot be taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError, OutputWrapper

from portal.records.operations import ImportRefused

MAX_LISTED = 100


@contextmanager
def explained(stderr: OutputWrapper) -> Iterator[None]:
    """List the first problems of a refused import, or name the file that cannot be opened, and fail."""
    try:
        yield
    except ImportRefused as refused:
        for problem in refused.problems[:MAX_LISTED]:
            stderr.write(str(problem))
        if (more := len(refused.problems) - MAX_LISTED) > 0:
            stderr.write(f"... and {more} more")
        raise CommandError(f"nothing was imported: {len(refused.problems)} error(s)") from None
    except OSError as error:
        raise CommandError(f"nothing was imported: {error.filename}: {error.strerror}") from None
