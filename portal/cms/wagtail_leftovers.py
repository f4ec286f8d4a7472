"""What Wagtail's admin writes down for a while: unsaved forms, editing sessions, pictures sent and not finished."""

from datetime import datetime, timedelta
from typing import Final

from wagtail.admin.models import EditingSession, FormState
from wagtail.models import UploadedFile

from portal.core.purging import delete_in_batches, file_age

LIFE: Final = timedelta(days=1)


def purge(*, now: datetime) -> int:
    """Delete what is older than LIFE; how many rows."""
    deleted = delete_in_batches(FormState.objects.filter(last_updated_at__lt=now - LIFE))
    deleted += delete_in_batches(EditingSession.objects.filter(last_seen_at__lt=now - LIFE))
    return deleted + _forget_unfinished(now)


def _forget_unfinished(now: datetime) -> int:
    """A picture whose form was never filled in has no date but its file's."""
    rows = UploadedFile.objects.order_by("pk")[:500]
    left = [row for row in rows if file_age(row.file.storage, row.file.name or "", now) > LIFE]
    for row in left:
        row.file.delete(save=False)
        row.delete()
    return len(left)
