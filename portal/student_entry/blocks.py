"""What an editor puts on the entry page and on a category's page."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from wagtail.blocks import ListBlock, StructBlock
from wagtail.blocks.field_block import BooleanBlock, CharBlock, IntegerBlock, RichTextBlock, TextBlock

from portal.core.wording import PLAIN


class ServiceBlock(StructBlock):
    """One function of the system and what it does (功能說明)."""

    title = CharBlock(label="功能", max_length=40)
    text = TextBlock(label="簡介說明")

    class Meta:
        label = "服務功能"
        icon = "list-ul"


class StepBlock(StructBlock):
    """One step of the way from nothing to a permit."""

    title = CharBlock(label="步驟", max_length=40)
    text = TextBlock(label="說明")

    class Meta:
        label = "步驟"
        icon = "order"


class DocumentBlock(StructBlock):
    """One line of 應檢附文件."""

    title = CharBlock(label="文件名稱", max_length=80)
    note = CharBlock(label="說明", max_length=160, required=False)
    required = BooleanBlock(label="必備", required=False, default=True)

    class Meta:
        label = "文件"
        icon = "doc-full"


class DocumentGroupBlock(StructBlock):
    """應檢附文件 of one kind of application."""

    application = CharBlock(label="申請項目", max_length=40)
    documents = ListBlock(DocumentBlock(), label="文件")

    class Meta:
        label = "申請項目的文件"
        icon = "folder-open-inverse"


class FeeBlock(StructBlock):
    """費用 of one kind of application."""

    item = CharBlock(label="申辦項目", max_length=40)
    amount = IntegerBlock(label="費用（新臺幣元）", min_value=0, help_text="免費請填 0。")
    note = CharBlock(label="說明", max_length=120, required=False)

    class Meta:
        label = "費用"
        icon = "tag"


class QuestionBlock(StructBlock):
    """One question that students ask, and the answer."""

    question = CharBlock(label="問題", max_length=100)
    answer = RichTextBlock(label="回答", features=PLAIN)

    class Meta:
        label = "常見問題"
        icon = "help"
