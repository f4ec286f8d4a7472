"""Tries that are counted, and what is used of quotas."""

from django.db import models


class LimitHit(models.Model):
    """One counted try (throttling.limits). `subject` is an account's number, a network, or both; never a name."""

    limit = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["limit", "subject", "at"], name="limit_hits")]

    def __str__(self) -> str:
        return f"{self.limit} at {self.at:%Y-%m-%d %H:%M}"


class QuotaUse(models.Model):
    """How much of a quota (throttling.quotas) one person or network used in one period. `key` is a keyed digest of who it is."""

    key = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    used = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "starts_at"], name="one_use_per_quota_and_period")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.starts_at:%Y-%m-%d %H:%M}: {self.used}"
