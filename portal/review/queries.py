"""What the officers' pages ask."""

from portal.cases.models import Case
from portal.cases.states import Status


def next_waiting(case: Case) -> Case | None:
    """The case that has been 待審核 longest, other than this one."""
    return Case.objects.filter(status=Status.SUBMITTED).exclude(pk=case.pk).order_by("submitted_at", "pk").first()
