"""Printed documents that lost a race: two processes made the same paper, and one row names one file."""

from datetime import datetime, timedelta
from typing import Final

from portal.core.files import private_storage
from portal.core.purging import sweep_files

from .models import IssuedDocument

# A file is written before its row names it.
ORPHAN_LIFE: Final = timedelta(days=1)


def sweep(*, now: datetime) -> int:
    """Delete files without a row; how many."""
    folders = [f"issued/{kind}" for kind in IssuedDocument.Kind]
    holders = [(IssuedDocument.objects.all(), "file")]
    swept = [sweep_files(private_storage(), folder, holders, now=now, grace=ORPHAN_LIFE) for folder in folders]
    return sum(swept)
