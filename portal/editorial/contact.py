"""Whom to call, and the links at the footer of every page."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable, Page

from portal.fields.row_forms import RowForm


class ContactForm(RowForm, WagtailAdminModelForm):
    """The settings have no history: two who change them at once keep what each typed."""


@register_setting(icon="mail")
class ContactSettings(BaseGenericSetting, ClusterableModel):
    """Agency name, hotline and hours, as every page's footer and every email shows them, and the links of the footer.

    `second_number` is whom to call about living in Taiwan, in other languages: `second_line` says who that is.
    """

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
    second_line = models.CharField("第二支專線的名稱", max_length=60, blank=True, default="外來人士在臺生活諮詢熱線（七種語言）")
    second_line_en = models.CharField(
        "第二支專線的名稱（English）", max_length=120, blank=True, default="Helpline for living in Taiwan (seven languages)"
    )
    second_line_zh_hans = models.CharField(
        "第二支專線的名稱（简体中文）", max_length=60, blank=True, default="外来人士在台生活咨询热线（七种语言）"
    )
    second_number = models.CharField(
        "第二支專線的號碼", max_length=40, blank=True, default="0800-024-111", help_text="不填則不顯示第二支專線。"
    )

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
        MultiFieldPanel(
            [
                FieldPanel("second_number"),
                FieldPanel("second_line"),
                FieldPanel("second_line_en"),
                FieldPanel("second_line_zh_hans"),
            ],
            heading="第二支專線",
            help_text="生活上的問題可以撥打的電話，出現在每一頁的頁尾。",
        ),
        InlinePanel("links", heading="頁尾連結", label="連結", help_text="依序列在每一頁的頁尾；拖曳或用箭頭調整順序。"),
    ]

    base_form_class = ContactForm

    class Meta:
        verbose_name = "機關與聯絡資訊"

    @property
    def hotline_dial(self) -> str:
        """The hotline as a telephone dials it."""
        return _dialled(self.hotline)

    @property
    def second_dial(self) -> str:
        """The second line as a telephone dials it."""
        return _dialled(self.second_number)


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


def _dialled(number: str) -> str:
    return re.sub(r"[^0-9+]", "", number)
