"""服務據點: one service centre of the agency."""

from typing import Any

from django.db import models
from wagtail.admin.panels import FieldPanel

from portal.cms.pages import BasePage


class ServiceCentrePage(BasePage):
    """Where it is, and when its log-in pages are open."""

    address = models.CharField("地址", max_length=120)
    hours = models.CharField("開放時間", max_length=80, help_text="例如：週一至週五，08:00 - 17:00")

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("address"), FieldPanel("hours")]
    parent_page_types = ["portal_home.HomePage"]
    subpage_types: list[str] = []
    template = "page_type/service_centre.html"

    class Meta:
        verbose_name = "服務據點"
