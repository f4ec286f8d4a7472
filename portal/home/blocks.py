"""What an editor puts on the landing page."""

from wagtail import blocks


class EntryBlock(blocks.StructBlock):
    """A button of the landing page."""

    page = blocks.PageChooserBlock(label="頁面")
    text = blocks.CharBlock(label="按鈕文字", max_length=30)

    class Meta:
        label = "入口"
        icon = "link"


class FeatureBlock(blocks.StructBlock):
    """One thing that the portal does for its visitors."""

    title = blocks.CharBlock(label="標題", max_length=30)
    text = blocks.TextBlock(label="說明")

    class Meta:
        label = "特色"
        icon = "tick"
