"""整合式單一入口形象頁 and the 說明頁 of each category of student."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.cases import kinds
from portal.cms.pages import BasePage
from portal.core import categories
from portal.core.wording import PLAIN

from .blocks import DocumentNoteBlock, FeeNoteBlock, QuestionBlock, ServiceBlock, StepBlock
from .from_kinds import DocumentGroup, FeeLine, document_groups, fee_lines


class StudentEntryPage(BasePage):
    """整合式單一入口形象頁: a card for each category of student; it never names one."""

    show_upcoming = models.BooleanField(
        "列出即將開放的學生身分", default=True, help_text="系統已設定、但說明頁尚未發布的學生身分，以「即將開放」的卡片顯示。"
    )
    steps = StreamField([("step", StepBlock())], verbose_name="申辦流程", blank=True)

    content_panels: list[Any] = [*BasePage.content_panels, FieldPanel("show_upcoming"), FieldPanel("steps")]
    parent_page_types = ["portal_home.SectionPage"]
    max_count_per_parent = 1  # type: ignore[assignment]
    template = "portal/student_entry/entry.html"
    flow = "entry"  # its notices stand in its own 公告

    class Meta:
        verbose_name = "單一入口形象頁"

    @cached_property
    def category_pages(self) -> list["CategoryPage"]:
        """The published pages of the categories, in the editors' order."""
        return list(self.get_children().live().type(CategoryPage).specific())

    def upcoming(self) -> list[categories.StudentCategory]:
        """即將開放: the registered categories without a published page, if the editor wants them shown."""
        published = {page.category_slug for page in self.category_pages}
        return [one for one in categories.all_categories() if self.show_upcoming and one.slug not in published]


class CategoryPage(BasePage):
    """說明頁 of one category: its functions, who may apply, steps, documents, fees, and 「我要申請」.

    A category pack names its category in `category_slug`.
    """

    category_slug: ClassVar[str]

    card_text = models.CharField("入口卡片說明", max_length=120, blank=True, help_text="顯示在單一入口形象頁的卡片上。")
    eligibility = RichTextField("申請資格", features=PLAIN, blank=True)
    services = StreamField([("service", ServiceBlock())], verbose_name="服務功能", blank=True)
    steps = StreamField([("step", StepBlock())], verbose_name="申辦步驟", blank=True)
    document_notes = StreamField(
        [("note", DocumentNoteBlock())],
        verbose_name="文件的說明",
        blank=True,
        help_text="應檢附文件由系統列出，與申請書相同；在這裡填的說明，會取代該文件在申請書上的說明。",
    )
    document_rules = RichTextField("文件上傳規定", features=PLAIN, blank=True)
    fee_notes = StreamField(
        [("note", FeeNoteBlock())],
        verbose_name="費用的說明",
        blank=True,
        help_text="申辦項目及費用由系統列出，與繳費金額相同；在這裡填的說明，顯示在該項目下方。",
    )
    processing = RichTextField("處理時間與期限", features=PLAIN, blank=True)
    faq = StreamField([("question", QuestionBlock())], verbose_name="常見問題", blank=True)

    content_panels: list[Any] = [
        *BasePage.content_panels,
        FieldPanel("card_text"),
        FieldPanel("services"),
        FieldPanel("eligibility"),
        FieldPanel("steps"),
        MultiFieldPanel([FieldPanel("document_notes"), FieldPanel("document_rules")], heading="應檢附文件"),
        FieldPanel("fee_notes"),
        FieldPanel("processing"),
        FieldPanel("faq"),
    ]
    parent_page_types = ["portal_student_entry.StudentEntryPage"]
    subpage_types = ["portal_home.StandardPage"]
    max_count_per_parent = 1  # type: ignore[assignment]

    class Meta:
        abstract = True

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return "portal/student_entry/category.html"  # Wagtail would name one for each category

    @property
    def category(self) -> categories.StudentCategory:
        """The category whose page this is."""
        return categories.get(self.category_slug)

    @cached_property
    def documents(self) -> list[DocumentGroup]:
        """應檢附文件 of each kind, as its form asks for them today."""
        return document_groups(self.category_slug, _by_line(self.document_notes), timezone.localdate())

    @property
    def fees(self) -> list[FeeLine]:
        """申辦項目及費用 of the kinds."""
        return fee_lines(self.category_slug, _by_line(self.fee_notes))

    @cached_property
    def more(self) -> list[Page]:
        """The published pages below: what else students of the category should know."""
        return list(self.get_children().live())

    @property
    def is_open(self) -> bool:
        """Whether there is something to apply for."""
        return any(kinds.of_category(self.category_slug))


def _by_line(notes: Any) -> dict[str, str]:
    return {note.value["line"]: note.value["note"] for note in notes}
