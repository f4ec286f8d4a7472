"""Tasks of the staff's log-in."""

from celery import shared_task
from django.utils import timezone

from portal.accounts.purging import LINK_KEPT
from portal.core.purging import delete_in_batches

from .models import SetUpLink


@shared_task
def purge() -> int:
    """Forget set-up links that ended long ago; how many."""
    return delete_in_batches(SetUpLink.objects.filter(expires_at__lte=timezone.now() - LINK_KEPT))
