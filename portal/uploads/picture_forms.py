"""The form of editors' pictures."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .file_problems import FileRefused
from .files import ACCEPT_EDITORS, clean_editors_picture


class PictureField(WagtailImageField):
    """A picture, decoded and written anew by the decoder's process before anything else of the portal looks at it."""

    # The primary key of the user who uploads.
    sender: int | None = None

    def to_python(self, data: Any) -> Any:
        """The clean picture. The upload itself holds it from here on: Wagtail's view for many files keeps that very object."""
        uploaded: Any = FileField.to_python(self, data)
        if uploaded is None:
            return None
        try:
            clean = clean_editors_picture(uploaded, sender=self.sender)
        except FileRefused as refused:
            raise ValidationError(str(refused.message), code=refused.reason) from refused
        overwrite(uploaded, clean.content)
        uploaded.content_type, uploaded.name = clean.content_type, clean.original_name
        return super().to_python(uploaded)


class PictureForm(BaseImageForm):
    """A picture says in words what it shows. Every road of Wagtail's by which one comes in makes its form from this one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if file := self.fields.get("file"):
            self.fields["file"] = picture = PictureField(label=file.label, widget=file.widget)
            picture.sender = user.pk if user is not None else None
            picture.widget.attrs["accept"] = ACCEPT_EDITORS
        if description := self.fields.get("description"):
            description.required = True
            description.label = "替代文字"
            description.help_text = "看不到圖片的人會讀到這段文字：說明圖片的內容與用途，不必寫「圖片」二字。"


def overwrite(uploaded: "UploadedFile[bytes]", content: bytes) -> None:
    """Nothing of what came is left, in memory or in the temporary file of a large upload."""
    uploaded.seek(0)
    uploaded.truncate(0)
    uploaded.write(content)
    uploaded.flush()
    uploaded.seek(0)
    uploaded.size = len(content)
