"""What an editor puts on the landing page."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from wagtail.blocks import StructBlock
from wagtail.blocks.field_block import CharBlock, PageChooserBlock, TextBlock


class EntryBlock(StructBlock):
    """A button of the landing page."""

    page = PageChooserBlock(label="頁面")
    text = CharBlock(label="按鈕文字", max_length=30)

    class Meta:
        label = "入口"
        icon = "link"


class FeatureBlock(StructBlock):
    """One thing that the portal does for its visitors."""

    title = CharBlock(label="標題", max_length=30)
    text = TextBlock(label="說明")

    class Meta:
        label = "特色"
        icon = "tick"
