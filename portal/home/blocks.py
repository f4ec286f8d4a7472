"""What an editor puts on the landing page."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from typing import Any, ClassVar

from wagtail.blocks import StructBlock
from wagtail.blocks.field_block import CharBlock, ChoiceBlock, PageChooserBlock, RichTextBlock, TextBlock
from wagtail.blocks.static_block import StaticBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock, ImageBlockComparison

FEATURES = ["h2", "h3", "bold", "link", "document-link", "ol", "ul"]
PLAIN = ["bold", "link", "ol", "ul"]


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


class PictureComparison(ImageBlockComparison):
    """Two versions side by side; Wagtail's fails where a picture was deleted since."""

    NONE: ClassVar = {"image": None, "alt_text": "", "decorative": False}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.val_a, self.val_b = self.val_a or self.NONE, self.val_b or self.NONE

    def htmlvalue(self, val: Any) -> Any:
        return super().htmlvalue(val or self.NONE)


def labelled_picture() -> ImageBlock:
    """Wagtail's block of a picture and its alt text; it never marked the label of the picture for translation."""
    block = ImageBlock(label="圖片")
    block.child_blocks["image"].label = "圖片"
    block.get_comparison_class = lambda: PictureComparison  # type: ignore[method-assign]
    return block


class PictureBlock(StructBlock):
    """A picture with what it shows in words, and a caption."""

    image = labelled_picture()
    caption = CharBlock(label="圖說", max_length=120, required=False)

    class Meta:
        label = "圖片"
        icon = "image"
        template = "portal/home/blocks/picture.html"


class CalloutBlock(StructBlock):
    """A few words that must not be missed."""

    level = ChoiceBlock(choices=[("info", "一般"), ("warning", "重要")], default="info", label="重要性")
    text = RichTextBlock(label="內容", features=PLAIN)

    class Meta:
        label = "提示"
        icon = "warning"
        template = "portal/home/blocks/callout.html"


class ContactBlock(StaticBlock):
    """系統操作問題聯繫: hotline and hours, from the settings of the site."""

    class Meta:
        label = "聯絡資訊"
        icon = "mail"
        admin_text = "顯示「設定」裡的諮詢專線與服務時間。"
        template = "portal/editorial/contact_block.html"


TABLE = "portal/home/blocks/table.html"
BODY = [
    ("text", RichTextBlock(label="文字", features=FEATURES, icon="pilcrow")),
    ("picture", PictureBlock()),
    (
        "table",
        TypedTableBlock(
            [("text", CharBlock(label="文字", required=False))], label="表格", template="portal/home/blocks/table.html"
        ),
    ),
    ("callout", CalloutBlock()),
    ("contact", ContactBlock()),
]
