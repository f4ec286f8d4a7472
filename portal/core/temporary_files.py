"""What killed workers leave in the folder of temporary files: Django spools a big upload there and deletes it at the end."""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

LIFE: Final = timedelta(days=1)


def sweep(*, now: datetime) -> int:
    """Delete spooled uploads of ours that are older than LIFE; how many."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    old = [path for path in folder.glob("tmp*.upload*") if _is_old(path, now)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_old(path: Path, now: datetime) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return status.st_uid == os.getuid() and now.timestamp() - status.st_mtime > LIFE.total_seconds()
