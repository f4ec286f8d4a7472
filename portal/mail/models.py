"""The outbox: every email is a row first, written in the transaction that causes it."""

import uuid

from django.conf import settings
from django.db import models

from portal.encryption.fields import EncryptedTextField


class OutgoingMail(models.Model):
    """One email. `message_id` stays the same on every try, so an email sent twice can be recognised."""

    class State(models.TextChoices):
        QUEUED = "queued", "待寄送"
        SENT = "sent", "已寄送"
        FAILED = "failed", "寄送失敗"

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("種類", max_length=40)
    # Unique where given: the same cause never queues the same email twice.
    cause = models.CharField("事由", max_length=80, null=True, blank=True, unique=True)
    to = models.EmailField("收件人")
    subject = models.CharField("主旨", max_length=200)
    # Read by who sends it. Nobody needs it afterwards: it may hold a link or a password that opens an account.
    body = EncryptedTextField("內文", bound_to="message_id", editable=False)
    state = models.CharField("狀態", max_length=6, choices=State, default=State.QUEUED, db_index=True)
    attempts = models.PositiveSmallIntegerField("嘗試次數", default=0)
    next_attempt_at = models.DateTimeField("下次嘗試")
    last_error = models.CharField("最近錯誤", max_length=200, blank=True)
    created_at = models.DateTimeField("建立時間", auto_now_add=True)
    sent_at = models.DateTimeField("寄送時間", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "寄出信件"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.subject

    def erase_body(self) -> None:
        """The email is sent or given up. A demonstration has no other mailbox than these rows, so it keeps the text."""
        if not settings.DEMO:
            self.body = ""
