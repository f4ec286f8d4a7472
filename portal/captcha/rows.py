"""Each page with a 驗證碼 writes a row, for whoever opens it. There are so many of them at most, the newest."""

from datetime import datetime
from typing import Any, Final

from captcha.models import CaptchaStore
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from portal.core.purging import delete_in_batches, keep_newest

# A third of a kilobyte each. Whoever makes more within five minutes makes their own the oldest; a page whose row is gone
# says 驗證碼已逾時 and shows the next one.
ROWS_MAX: Final = 30000
TRIM_EVERY: Final = 100


def forget_expired(*, now: datetime) -> int:
    """Rows that nobody may answer any more, and the oldest of too many."""
    return delete_in_batches(CaptchaStore.objects.filter(expiration__lte=now)) + keep_newest(CaptchaStore.objects.all(), ROWS_MAX)


@receiver(post_save, sender=CaptchaStore)
def trim(instance: CaptchaStore, created: bool, **kwargs: Any) -> None:
    """The schedule may be late, a flood is not."""
    if created and instance.pk % TRIM_EVERY == 0:
        forget_expired(now=timezone.now())
