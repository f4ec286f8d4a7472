"""News of a case, after commit: hand the work to a task."""

from . import tasks
from .models import Case


def case_completed(sender: object, *, case: Case, **kwargs: object) -> None:
    """結案: the records learn of the new permit."""
    tasks.record_permit.delay(case.pk)
