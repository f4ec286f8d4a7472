"""sitemap.xml: every published page in the language in which somebody wrote it."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from wagtail.models import Page

from portal.cms.pages import BasePage


class PageSitemap(Sitemap[Page]):
    """All pages, each with its other languages. A folder only leads on, and an alias has nothing of its own; what stands
    outside of the site, as a copy of the landing page does, has no address."""

    def items(self) -> list[BasePage]:
        pages: QuerySet[Page] = Page.objects.live().filter(alias_of=None, depth__gt=1).order_by("path").specific()
        return [page for page in pages if isinstance(page, BasePage) and page.has_words]

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        return [entry for item in self.items() if item.url for entry in item.get_sitemap_urls()]
