"""Number series, and tries that are counted. Numbers are given by operations, never in save()."""

from django.db import models


class Serial(models.Model):
    """The last number given in one series (`case:115`, `receipt:115`): gapless, because it rolls back with its user."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class LimitHit(models.Model):
    """One counted try (core.limits). `subject` is an account's number, a network, or both; never a name."""

    limit = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["limit", "subject", "at"], name="limit_hits")]

    def __str__(self) -> str:
        return f"{self.limit} at {self.at:%Y-%m-%d %H:%M}"
