"""應檢附文件 as fields that hold no file: a file is kept the moment it passes the checks, the form asks only if it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import DocumentSlot
from portal.core.categories import StrOrPromise
from portal.uploads.file_problems import MESSAGES, FileProblem
from portal.uploads.files import ACCEPT, ACCEPT_PHOTO

QUEUED = _("系統忙碌，正在排隊，幾秒後會自動再送一次…")


@dataclass(frozen=True)
class SlotFile:
    """A file already in a slot, as the page lists it. `key` names it when it is to be removed."""

    key: str
    name: str
    size: int
    address: str
    is_picture: bool
    warning: StrOrPromise = ""


def field_name(slot: DocumentSlot) -> str:
    """The name of the slot's file input."""
    return f"upload-{slot.code}"


class SlotWidget(forms.Widget):
    """The files that are there with 檢視 and 移除, and a native file input with 上傳."""

    template_name = "portal/forms/widgets/slot.html"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, slot: DocumentSlot, files: Sequence[SlotFile]) -> None:
        super().__init__()
        self.slot, self.files = slot, files

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {
            **super().get_context(name, value, attrs),
            "slot": self.slot,
            "files": self.files,
            "room": self.slot.max_files - len(self.files),
            "accept": ACCEPT_PHOTO if self.slot.photo else ACCEPT,
            "max_bytes": settings.UPLOAD_MAX_BYTES,
            "too_big": MESSAGES[FileProblem.TOO_BIG],
            "failed": MESSAGES[FileProblem.UPLOAD_FAILED],
            "queued": QUEUED,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any] | None, name: str) -> None:
        """Nothing: what was posted was kept before the form was made."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class SlotField(forms.Field):
    """One line of 應檢附文件. Whether it may stay empty depends on the answers: the form says so."""

    def __init__(self, slot: DocumentSlot, files: Sequence[SlotFile] = ()) -> None:
        super().__init__(
            label=slot.label,  # type: ignore[arg-type]
            required=slot.required and not slot.condition,
            help_text=format_lazy("{}。{}", slot.condition, slot.help) if slot.condition else slot.help,  # type: ignore[arg-type]
            widget=SlotWidget(slot, files),
            error_messages={"required": format_lazy(_("請上傳{label}"), label=slot.label)},
        )
        self.slot, self.files = slot, files

    def clean(self, value: Any) -> None:
        """Nothing is wrong with it by itself."""
