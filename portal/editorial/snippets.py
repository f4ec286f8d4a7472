"""公告 Announcement and Guidance: words of editors that stand around pages and flows."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from datetime import datetime
from typing import Any

from django.contrib.admin import display
from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PublishingPanel
from wagtail.fields import RichTextField

from portal.cms.snippets import EditorialSnippet
from portal.core.wording import PLAIN

from . import places, scopes

TRANSLATION = "不填則顯示正體中文，並註明尚無此語言版本。"


class Level(models.TextChoices):
    """How much an announcement matters."""

    DANGER = "danger", _("緊急")
    WARNING = "warning", _("重要")
    INFO = "info", _("一般")
    SUCCESS = "success", _("恢復正常")


class Announcement(EditorialSnippet):
    """公告: something that visitors should know now. Its schedule is Wagtail's: from `go_live_at` until `expire_at`."""

    level = models.CharField(
        "重要性",
        max_length=10,
        choices=Level,
        default=Level.INFO,
        help_text="緊急：系統停機、期限異動；重要：須先知道才能辦理；一般：一般消息；恢復正常：先前的狀況已排除。",
    )
    scope = models.CharField(
        "顯示範圍", max_length=60, choices=scopes.choices, default=scopes.SITE, help_text="公告只出現在這個範圍的頁面。"
    )
    title = models.CharField("標題", max_length=60)
    title_en = models.CharField("標題（English）", max_length=120, blank=True)
    title_zh_hans = models.CharField("標題（简体中文）", max_length=60, blank=True)
    text = RichTextField("內容", features=PLAIN, blank=True)
    text_en = RichTextField("內容（English）", features=PLAIN, blank=True)
    text_zh_hans = RichTextField("內容（简体中文）", features=PLAIN, blank=True)

    preview_template = "portal/editorial/previews/announcement.html"
    panels = [
        MultiFieldPanel([FieldPanel("level"), FieldPanel("scope")], heading="性質"),
        HelpPanel("要在指定的時間上架或下架，請按右側「狀態」裡的排程。下架時間一到，公告立即消失。", heading="上架與下架"),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("text")], heading="正體中文"),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("text_en")], heading="English", help_text=TRANSLATION),
        MultiFieldPanel([FieldPanel("title_zh_hans"), FieldPanel("text_zh_hans")], heading="简体中文", help_text=TRANSLATION),
        PublishingPanel(),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "公告"

    def __str__(self) -> str:
        return self.title

    @display(description="開始", ordering="first_published_at")
    def starts_at(self) -> datetime | None:
        """From when it is shown, or was."""
        return self.first_published_at or self.go_live_at

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "announcements": [self]}


class Guidance(EditorialSnippet):
    """引導文字: the sentences at the head of a flow, one row a place."""

    place = models.CharField(
        "位置",
        max_length=60,
        choices=places.choices,
        unique=True,
        help_text="這段文字出現的頁面；每個位置只有一段。",
        error_messages={"unique": "這個位置已有文字，請直接修改那一筆。"},
    )
    text = RichTextField("文字", features=PLAIN)
    text_en = RichTextField("文字（English）", features=PLAIN, blank=True)
    text_zh_hans = RichTextField("文字（简体中文）", features=PLAIN, blank=True)

    preview_template = "portal/editorial/previews/guidance.html"
    panels = [
        FieldPanel("place"),
        MultiFieldPanel([FieldPanel("text")], heading="正體中文"),
        MultiFieldPanel([FieldPanel("text_en")], heading="English", help_text=TRANSLATION),
        MultiFieldPanel([FieldPanel("text_zh_hans")], heading="简体中文", help_text=TRANSLATION),
        PublishingPanel(),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "引導文字"

    def __str__(self) -> str:
        return self.get_place_display()

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """With what stands around it on its page; before a place is chosen, the look of most."""
        return {**super().get_preview_context(request, mode_name), "place": places.get(self.place) or places.Place("", "")}

    def excerpt(self) -> str:
        """Its beginning, for the list."""
        return Truncator(strip_tags(self.text)).chars(40)
