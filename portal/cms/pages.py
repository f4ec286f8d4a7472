"""What every page of the site has in common."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction, Site

from portal.core.languages import TAGS

from . import page_cache
from .page_forms import PageCopyForm, PageForm
from .preview import framed_by_the_admin

SLUG_HELP = "網址的最後一段，只用英文小寫、數字與連字號。中文標題由系統先編一個，例如 page-1，發布前請改成看得懂的名稱。"


class BasePage(Page):
    """A page: title, one sentence of introduction, and what search engines show of it. There is one for each language.

    A page that nobody has translated stands under the other languages' addresses as an alias of its source, in its words.
    """

    # Named with its app: a site that installs the portal has a HomePage of its own.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, related_name="%(app_label)s_%(class)s", editable=False
    )
    introduction = models.TextField("導言", blank=True, help_text="標題下方的一兩句話：這一頁能幫讀者做什麼。")
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name="主視覺圖片",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="選填。顯示在標題旁，也是分享連結時的縮圖；替代文字在圖片本身填寫。",
    )

    content_panels: list[Any] = [
        FieldPanel("title", heading="標題", help_text="頁面的大標題，也是瀏覽器分頁上的文字。"),
        FieldPanel("introduction"),
        FieldPanel("picture"),
    ]
    promote_panels: list[Any] = [
        MultiFieldPanel(
            [
                FieldPanel("slug", heading="網址名稱", help_text=SLUG_HELP),
                FieldPanel("seo_title", heading="搜尋結果標題", help_text="不填則用頁面標題。"),
                FieldPanel("search_description", heading="搜尋結果說明", help_text="搜尋引擎在標題下顯示的文字。"),
            ],
            heading="網址與搜尋引擎",
        )
    ]
    base_form_class, copy_form_class = PageForm, PageCopyForm
    private_page_options: list[str] = []
    # A folder has none: it leads on to another page, and no search engine hears of it.
    has_words = True

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, the same for every visitor, and kept until something is published."""
        return page_cache.cache_response(super().serve(request, *args, **kwargs), seconds=settings.PAGE_CACHE_SECONDS)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None: every page of this site is public. Asked at each request."""
        return PageViewRestriction.objects.none()

    @cached_property
    def translations(self) -> list[Any]:
        """This page in every language in which it is published, itself and aliases among them."""
        return published_translations(self)

    @property
    def language(self) -> str:
        """The language that its words are in: an alias has those of its source."""
        source = self.alias_of or self
        code: str = source.locale.language_code
        return code

    @property
    def is_untranslated(self) -> bool:
        """Whether its words are in another language than its address says; an alias beside its source has the same."""
        return bool(self.alias_of_id) and self.language != self.locale.language_code

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Its entry in sitemap.xml, with the other languages."""
        return [
            {
                "location": public_address(self, request),
                "lastmod": self.last_published_at,
                "alternates": [
                    {"location": public_address(page, request), "lang_code": TAGS[page.locale.language_code]}
                    for page in self.translations
                    if not page.alias_of_id
                ],
            }
        ]

    @framed_by_the_admin
    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as a visitor will see it, in the admin's frame."""
        response: HttpResponse = super().serve_preview(request, mode_name)
        return response


def public_address(page: Page, request: HttpRequest | None = None) -> str:
    """Where all the world finds a page: at BASE_URL, or at the name of its own site where 設定 has several. "" outside of all."""
    found = page.get_url_parts(request)
    if not found:
        return ""
    site, root, path = found
    has_several = len({each.site_id for each in page._get_site_root_paths(request)}) > 1
    is_elsewhere = has_several and not Site.objects.filter(pk=site, is_default_site=True).exists()
    return f"{root if is_elsewhere else settings.BASE_URL}{path}"


def published_translations(page: Page) -> list[Any]:
    """The page in every language in which it is published, aliases among them."""
    found = page.get_translations(inclusive=True).live().select_related("locale")
    return sorted(found, key=lambda each: list(TAGS).index(each.locale.language_code))
