"""The landing page, folders of the tree, and whom to call."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from portal.core.pages import BasePage

from .blocks import BODY, EntryBlock, FeatureBlock
from .snippets import Guidance, Notice

__all__ = ["ContactSettings", "FooterLink", "Guidance", "HomePage", "Notice", "SectionPage", "SitemapPage", "StandardPage"]


@register_setting(icon="mail")
class ContactSettings(BaseGenericSetting, ClusterableModel):
    """Agency name, hotline and hours, as every page's foot and every letter shows them, and the links of the foot."""

    agency = models.CharField("機關名稱", max_length=60, default="內政部移民署")
    agency_en = models.CharField(
        "機關名稱（English）", max_length=120, blank=True, default="National Immigration Agency, Ministry of the Interior"
    )
    agency_zh_hans = models.CharField("機關名稱（简体中文）", max_length=60, blank=True, default="内政部移民署")
    hotline = models.CharField(
        "電腦操作/系統維修諮詢專線", max_length=40, default="(02) 2796-7162", help_text="出現在每一頁的頁尾與每一封通知信。"
    )
    hours = models.CharField("服務時間", max_length=80, default="週一至週五，08:30 - 19:00")
    hours_en = models.CharField("服務時間（English）", max_length=120, blank=True, default="Monday to Friday, 08:30 - 19:00")
    hours_zh_hans = models.CharField("服務時間（简体中文）", max_length=80, blank=True, default="周一至周五，08:30 - 19:00")

    panels = [
        MultiFieldPanel(
            [FieldPanel("agency"), FieldPanel("agency_en"), FieldPanel("agency_zh_hans")],
            heading="機關名稱",
            help_text="出現在頁首與頁尾。英文與简体中文不填，則顯示正體中文。",
        ),
        MultiFieldPanel(
            [FieldPanel("hotline"), FieldPanel("hours"), FieldPanel("hours_en"), FieldPanel("hours_zh_hans")],
            heading="系統操作問題聯繫",
        ),
        InlinePanel("links", heading="頁尾連結", label="連結", help_text="依序列在每一頁的頁尾；拖曳或用箭頭調整順序。"),
    ]

    class Meta:
        verbose_name = "機關與聯絡資訊"

    @property
    def hotline_dial(self) -> str:
        """The hotline as a telephone dials it."""
        return re.sub(r"[^0-9+]", "", self.hotline)


class FooterLink(Orderable):
    """頁尾連結: a page of this site, or an address elsewhere."""

    setting = ParentalKey(ContactSettings, on_delete=models.CASCADE, related_name="links")
    label = models.CharField("文字", max_length=30)
    label_en = models.CharField("文字（English）", max_length=60, blank=True)
    label_zh_hans = models.CharField("文字（简体中文）", max_length=30, blank=True)
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="本站頁面",
        help_text="選擇本站頁面，或在下方填寫網址，擇一。",
    )
    url = models.CharField(
        "其他網址", max_length=200, blank=True, validators=[URLValidator(["http", "https"])], help_text="以 https:// 開頭。"
    )

    panels = [
        FieldRowPanel([FieldPanel("label"), FieldPanel("label_en"), FieldPanel("label_zh_hans")]),
        FieldPanel("page"),
        FieldPanel("url"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "頁尾連結"

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if bool(self.page_id) == bool(self.url):
            raise ValidationError({"url": "請選擇本站頁面或填寫網址，擇一。"})


class HomePage(BasePage):
    """首頁: what this portal is for, and the way to the entry pages."""

    entries = StreamField([("entry", EntryBlock())], verbose_name="入口", blank=True)
    features = StreamField([("feature", FeatureBlock())], verbose_name="系統特色", blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("entries"), FieldPanel("features")]
    parent_page_types = ["wagtailcore.Page"]
    template = "home/home.html"

    class Meta:
        verbose_name = "首頁"


class SectionPage(BasePage):
    """資料夾: groups pages under one address, which leads to the first of them."""

    parent_page_types = ["home.HomePage"]
    has_words = False

    class Meta:
        verbose_name = "資料夾"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the first page in this folder; an empty folder is not there."""
        first = self.get_children().live().first()  # an address of this language: the tree is this language's
        if first is None:
            raise Http404
        return redirect(first.get_url(request))


class StandardPage(BasePage):
    """一般頁面: about, privacy, the accessibility statement, and whatever else has to be said."""

    body = StreamField(BODY, verbose_name="內容", blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("body")]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "home/standard.html"

    class Meta:
        verbose_name = "一般頁面"


class SitemapPage(BasePage):
    """網站導覽: every page of the tree in this language, and the access keys 定位點."""

    body = StreamField(BODY, verbose_name="說明", blank=True, help_text="顯示在網站導覽上方，例如定位點與快速鍵的說明。")

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("body")]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1  # type: ignore[assignment]
    template = "home/sitemap.html"

    class Meta:
        verbose_name = "網站導覽"

    def tree(self) -> list[dict[str, Any]]:
        """The published pages of this language as a nested list: `page`, `children`. A folder stands for what is in it."""
        home = self.get_parent()
        pages = list(home.get_descendants(inclusive=True).live().specific().order_by("path"))
        return [{"page": pages[0], "children": _branches(pages[0], pages)}]


def _branches(parent: Page, pages: list[Page]) -> list[dict[str, Any]]:
    branches: list[dict[str, Any]] = []
    for page in (page for page in pages if page.depth == parent.depth + 1 and page.path.startswith(parent.path)):
        children = _branches(page, pages)
        branches += [{"page": page, "children": children}] if getattr(page, "has_words", True) else children
    return branches
