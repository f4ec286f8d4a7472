"""What the admin's lists leave behind."""

from django.conf import settings
from django.db import models


class ListExport(models.Model):
    """匯出紀錄: who took which list of records out of the portal, and how many rows."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="匯出者")
    at = models.DateTimeField("時間")
    list = models.CharField("清單", max_length=60)
    rows = models.PositiveIntegerField("筆數")

    class Meta:
        verbose_name = verbose_name_plural = "匯出紀錄"
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.list} {self.at:%Y-%m-%d %H:%M}"
