"""Number series. Numbers are given by operations, never in save()."""

from django.db import models


class Serial(models.Model):
    """The last number given in one series (`case:115`, `receipt:115`): gapless, because it rolls back with its user."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
