"""The outbox: every email is a row first, written in the transaction that causes it. And the words that editors give emails."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from portal.cms.snippets import EditorialSnippet
from portal.encryption.fields import EncryptedTextField

from . import placeholders


class OutgoingMail(models.Model):
    """One email. `message_id` stays the same on every try, so an email sent twice can be recognised."""

    class State(models.TextChoices):
        QUEUED = "queued", "待寄送"
        SENT = "sent", "已寄送"
        FAILED = "failed", "寄送失敗"
        LATE = "late", "逾時未寄"

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
    # What it brings is not worth sending any more then (mail.late).
    not_after = models.DateTimeField("最遲寄送時間", null=True, blank=True)
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


class EmailText(EditorialSnippet):
    """通知信文字: how editors word one of the emails, by language; where they say nothing it goes out as it was shipped."""

    kind = models.CharField("信件", max_length=40, unique=True)
    subject = models.CharField("主旨", max_length=60, blank=True)
    text = models.TextField("內容", max_length=4000, blank=True)
    subject_en = models.CharField("主旨（English）", max_length=120, blank=True)
    text_en = models.TextField("內容（English）", max_length=4000, blank=True)
    subject_zh_hans = models.CharField("主旨（简体中文）", max_length=60, blank=True)
    text_zh_hans = models.TextField("內容（简体中文）", max_length=4000, blank=True)

    preview_template = "portal/mail/previews/email_text.html"

    class Meta:
        verbose_name = verbose_name_plural = "通知信文字"
        ordering = ["kind"]

    def __str__(self) -> str:
        kind = placeholders.get(self.kind)
        return kind.label if kind else self.kind

    def words(self, language: str | None) -> tuple[str, str]:
        """Subject and text in that language, or two empty ones."""
        suffix = "" if language in (None, settings.LANGUAGE_CODE) else f"_{str(language).replace('-', '_')}"
        return getattr(self, f"subject{suffix}").strip(), getattr(self, f"text{suffix}").strip()

    @property
    def sample(self) -> tuple[str, str]:
        """For the preview: the labels stand where the data of a person will."""
        subject, text = self.words(get_language())
        kind = placeholders.get(self.kind)
        labels = {each.name: f"〔{each.label}〕" for each in kind.placeholders} if kind else {}
        return subject, placeholders.HOLE.sub(lambda hole: labels.get(hole[1], hole[0]), text)
