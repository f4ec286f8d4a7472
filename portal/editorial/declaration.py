"""使用聲明事項: what editors write, and the versions of it that students accept."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

import re
from typing import Any, Final

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PublishingPanel
from wagtail.fields import RichTextField

from portal.cms.snippets import EditorialSnippet
from portal.core import categories
from portal.core.categories import StrOrPromise
from portal.core.wording import PLAIN, is_blank

WORDS: Final = ("title", "title_en", "title_zh_hans", "text", "text_en", "text_zh_hans")
# The editor's own mark on each paragraph, no part of the words.
_BLOCK_KEY: Final = re.compile(r' data-block-key="[^"]*"')
TRANSLATION: Final = "不填則顯示正體中文，並註明尚無此語言版本。"


def category_choices() -> list[tuple[str, StrOrPromise]]:
    """Every category with its name, for the admin."""
    return [(category.slug, category.name) for category in categories.all_categories()]


class DeclarationWords(models.Model):
    """Heading and text in three languages."""

    title = models.CharField("標題", max_length=60, default="使用聲明事項")
    title_en = models.CharField("標題（English）", max_length=120, blank=True)
    title_zh_hans = models.CharField("標題（简体中文）", max_length=60, blank=True)
    text = RichTextField("內容", features=PLAIN)
    text_en = RichTextField("內容（English）", features=PLAIN, blank=True)
    text_zh_hans = RichTextField("內容（简体中文）", features=PLAIN, blank=True)

    class Meta:
        abstract = True

    def words(self) -> dict[str, str]:
        """All that is said, by field; an emptied text is none."""
        said = {name: getattr(self, name) for name in WORDS}
        return {name: "" if is_blank(text) else _BLOCK_KEY.sub("", text) for name, text in said.items()}


class Declaration(EditorialSnippet, DeclarationWords):
    """使用聲明事項 of one category: with what 個人資料保護法 §8 asks to be said. What is published becomes a version."""

    category = models.CharField(
        "學生類別",
        max_length=40,
        choices=category_choices,
        unique=True,
        help_text="這類學生送件前須同意的聲明事項；每類學生只有一份。",
        error_messages={"unique": "這類學生已有聲明事項，請直接修改那一份。"},
    )

    preview_template = "portal/editorial/previews/declaration.html"
    panels = [
        HelpPanel(
            "文字有變更時，每次發布都會產生新版本；已送出的案件保留當時同意的版本，正在閱讀舊版的學生須重新閱讀。"
            "取消發布期間，這類學生無法提出申請。"
            "依個人資料保護法第 8 條，須告知：蒐集機關、蒐集之目的、個人資料之類別、利用之期間地區對象及方式、"
            "當事人權利、不提供之影響。",
            heading="版本",
        ),
        FieldPanel("category"),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("text")], heading="正體中文"),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("text_en")], heading="English", help_text=TRANSLATION),
        MultiFieldPanel([FieldPanel("title_zh_hans"), FieldPanel("text_zh_hans")], heading="简体中文", help_text=TRANSLATION),
        PublishingPanel(),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "使用聲明事項"

    def __str__(self) -> str:
        return f"{self.get_category_display()}：{self.title}"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "declaration": self}


class DeclarationVersion(DeclarationWords):
    """What was published, and is accepted by its `label`. Append-only: an accepted text stays as it was read."""

    category = models.SlugField("學生類別", max_length=40)
    number = models.PositiveIntegerField("版次")
    published_at = models.DateTimeField("發布時間")

    class Meta:
        verbose_name = verbose_name_plural = "使用聲明事項版本"
        default_permissions = ()
        ordering = ["category", "number"]
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="one_declaration_version_per_number")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """聲明事項版本, as the case keeps it: the category's slug and the number of the version, `<slug>-2`."""
        return f"{self.category}-{self.number}"
