"""What every page of the site has in common."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from .preview import framed_by_the_admin


class BasePage(Page):
    """A page: title, one sentence of introduction, and what search engines show of it."""

    introduction = models.TextField("導言", blank=True, help_text="標題下方的一兩句話：這一頁能幫讀者做什麼。")

    content_panels: list[Any] = [
        FieldPanel("title", heading="標題", help_text="頁面的大標題，也是瀏覽器分頁上的文字。"),
        FieldPanel("introduction"),
    ]
    promote_panels: list[Any] = [
        MultiFieldPanel(
            [
                FieldPanel("slug", heading="網址名稱", help_text="網址的最後一段，只用英文小寫、數字與連字號。"),
                FieldPanel("seo_title", heading="搜尋結果標題", help_text="不填則用頁面標題。"),
                FieldPanel("search_description", heading="搜尋結果說明", help_text="搜尋引擎在標題下顯示的文字。"),
            ],
            heading="網址與搜尋引擎",
        )
    ]

    class Meta:
        abstract = True

    @framed_by_the_admin
    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as a visitor will see it, in the admin's frame."""
        response: HttpResponse = super().serve_preview(request, mode_name)
        return response
