"""The government's office calendar 辦公日曆表, as far as it differs from the plain week. Only `operations` writes it."""

import uuid

from django.db import models


class OfficeYear(models.Model):
    """A year whose calendar is known.

    `generation` is another one after each import that changed something, so that every process sees that what it read is old.
    """

    year = models.PositiveSmallIntegerField("西元年", primary_key=True)
    generation = models.UUIDField(default=uuid.uuid4, editable=False)
    imported_at = models.DateTimeField("匯入時間")

    class Meta:
        verbose_name = verbose_name_plural = "辦公日曆年度"
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class OfficeDay(models.Model):
    """A day on which the offices do otherwise than the plain week says: a holiday, or a day made up for (補行上班)."""

    day = models.DateField("日期", primary_key=True)
    year = models.ForeignKey(OfficeYear, on_delete=models.CASCADE, related_name="days", verbose_name="西元年")
    is_holiday = models.BooleanField("放假")
    name = models.CharField("備註", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "辦公日曆表"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y/%m/%d} {self.name}"
