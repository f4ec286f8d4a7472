"""The one place that counts."""

from django.db import transaction
from django.db.models import F

from .models import Serial


def next_serial(name: str, *, start: int = 1) -> int:
    """The next number of the series `name`. Inside a transaction: a rollback gives the number back, so there are no gaps."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("next_serial needs a transaction")
    Serial.objects.get_or_create(name=name, defaults={"last": start - 1})
    Serial.objects.filter(name=name).update(last=F("last") + 1)  # the UPDATE locks the row until commit
    return Serial.objects.get(name=name).last
