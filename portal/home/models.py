"""The landing page, folders of the tree, and pages that only say something."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from portal.cms.pages import BasePage

from .blocks import BODY, EntryBlock, FeatureBlock


class HomePage(BasePage):
    """首頁: what this portal is for, and the way to the entry pages."""

    entries = StreamField([("entry", EntryBlock())], verbose_name="入口", blank=True)
    features = StreamField([("feature", FeatureBlock())], verbose_name="系統特色", blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("entries"), FieldPanel("features")]
    parent_page_types = ["wagtailcore.Page"]
    template = "portal/home/home.html"

    class Meta:
        verbose_name = "首頁"


class SectionPage(BasePage):
    """資料夾: groups pages under one address, which leads to the first of them."""

    parent_page_types = ["portal_home.HomePage"]
    has_words = False
    preview_modes: list[tuple[str, str]] = []  # there is nothing of its own to look at

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
    subpage_types: list[str] = []
    template = "portal/home/standard.html"

    class Meta:
        verbose_name = "一般頁面"

    @classmethod
    def clean_parent_page_models(cls) -> list[type[Page]]:
        """The landing page, and whatever page names this type among those that may stand below it."""
        naming = (each for each in get_page_models() if cls._meta.label in (getattr(each, "subpage_types", None) or ()))
        return [HomePage, *naming]


class SitemapPage(BasePage):
    """網站導覽: every page of the tree in this language, and the access keys 定位點."""

    body = StreamField(BODY, verbose_name="說明", blank=True, help_text="顯示在網站導覽上方，例如定位點與快速鍵的說明。")

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("body")]
    parent_page_types = ["portal_home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1  # type: ignore[assignment]
    template = "portal/home/sitemap.html"

    class Meta:
        verbose_name = "網站導覽"

    def tree(self) -> list[dict[str, Any]]:
        """The published pages of this language as a nested list: `page`, `children`.

        A folder stands for what is in it, and so does a page that was taken off: those below it are still public.
        """
        pages = list(self.get_parent().get_descendants(inclusive=True).specific().order_by("path"))
        return _branch(pages[0], pages)


def _branch(page: Page, pages: list[Page]) -> list[dict[str, Any]]:
    below = (each for each in pages if each.depth == page.depth + 1 and each.path.startswith(page.path))
    children = [branch for each in below for branch in _branch(each, pages)]
    return [{"page": page, "children": children}] if page.live and getattr(page, "has_words", True) else children
