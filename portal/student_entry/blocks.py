"""What an editor puts on the entry page and on a category's page."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from wagtail.blocks import StructBlock
from wagtail.blocks.field_block import CharBlock, ChoiceBlock, RichTextBlock, TextBlock

from portal.core.wording import PLAIN

from .from_kinds import document_choices, fee_choices


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


class DocumentNoteBlock(StructBlock):
    """What is said beside one line of 應檢附文件; the line itself is the kind's."""

    line = ChoiceBlock(choices=document_choices, label="文件")
    note = CharBlock(label="說明", max_length=160)

    class Meta:
        label = "文件的說明"
        icon = "doc-full"


class FeeNoteBlock(StructBlock):
    """What is said beside one fee; the fee itself is the kind's."""

    line = ChoiceBlock(choices=fee_choices, label="申辦項目")
    note = CharBlock(label="說明", max_length=120)

    class Meta:
        label = "費用的說明"
        icon = "tag"


class QuestionBlock(StructBlock):
    """One question that students ask, and the answer."""

    question = CharBlock(label="問題", max_length=100)
    answer = RichTextBlock(label="回答", features=PLAIN)

    class Meta:
        label = "常見問題"
        icon = "help"
