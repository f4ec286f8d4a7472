"""Number series, and when each scheduled task last ran. Numbers are given by operations, never in save()."""

from django.db import models


class Serial(models.Model):
    """The last number given in one series (`case:115`, `receipt:115`): gapless, because it rolls back with its user."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class TaskRun(models.Model):
    """When a scheduled task last ended well, and when and how it last failed; within a minute (`task_runs`)."""

    name = models.CharField("工作", max_length=100, primary_key=True)
    ended_at = models.DateTimeField("最近完成", null=True)
    failed_at = models.DateTimeField("最近失敗", null=True)
    failure = models.CharField("失敗原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "排程工作"
        ordering = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
