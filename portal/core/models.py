"""Number series, tries that are counted, and what is used of quotas. Numbers are given by operations, never in save()."""

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


class QuotaUse(models.Model):
    """How much of a quota (core.quotas) one person or network used in one period. `key` is a keyed digest of who it is."""

    key = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    used = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "starts_at"], name="one_use_per_quota_and_period")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.starts_at:%Y-%m-%d %H:%M}: {self.used}"
