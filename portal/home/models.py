"""The landing page, folders of the tree, and whom to call."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

import re
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.core.pages import BasePage

from .blocks import BODY, EntryBlock, FeatureBlock


@register_setting(icon="mail")
class ContactSettings(BaseGenericSetting):
    """Agency name, hotline and hours, as every page's foot shows them."""

    agency = models.CharField("機關名稱", max_length=60, default="內政部移民署")
    hotline = models.CharField("電腦操作/系統維修諮詢專線", max_length=40, default="(02) 2796-7162")
    hours = models.CharField("服務時間", max_length=80, default="週一至週五，08:30 - 19:00")

    panels = [MultiFieldPanel([FieldPanel("agency"), FieldPanel("hotline"), FieldPanel("hours")], heading="頁首與頁尾")]

    class Meta:
        verbose_name = "機關與聯絡資訊"

    @property
    def hotline_dial(self) -> str:
        """The hotline as a telephone dials it."""
        return re.sub(r"[^0-9+]", "", self.hotline)


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
