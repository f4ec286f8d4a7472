"""The form of editors' pictures."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from typing import Any

from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """A picture says in words what it shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if description := self.fields.get("description"):
            description.required = True
            description.label = "替代文字"
            description.help_text = "看不到圖片的人會讀到這段文字：說明圖片的內容與用途，不必寫「圖片」二字。"
