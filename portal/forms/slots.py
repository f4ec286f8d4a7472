"""應檢附文件 as fields that hold no file: a file is kept the moment it passes the checks, the form asks only if it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import DocumentSlot
from portal.core.categories import StrOrPromise
from portal.fields.asking import in_sentence
from portal.uploads.file_problems import slot_is_full
from portal.uploads.files import ACCEPT, ACCEPT_PHOTO

if TYPE_CHECKING:
    from .models import Draft


@dataclass(frozen=True)
class SlotFile:
    """A file already in a slot, as the page lists it. `key` names it when it is to be removed."""

    key: str
    name: str
    size: int
    address: str
    is_picture: bool
    warnings: Sequence[StrOrPromise] = ()
    # Of a case that is being corrected: it was sent before; and whether it goes when the correction is sent.
    is_sent: bool = False
    is_going: bool = False


def files_in(draft: "Draft") -> dict[str, list[SlotFile]]:
    """The files of a draft by their slots, those that are asked for no longer as well."""
    found: dict[str, list[SlotFile]] = {}
    for upload in draft.uploads.all():
        found.setdefault(upload.slot, []).append(
            SlotFile(
                key=str(upload.uid),
                name=upload.original_name,
                size=upload.size,
                address=reverse("forms:upload-preview", args=[draft.category, draft.kind_code, draft.token, upload.uid]),
                is_picture=upload.content_type.startswith("image/"),
                warnings=upload.warnings_in_words,
            )
        )
    return found


class SlotWidget(forms.Widget):
    """The files that are there with 檢視 and 移除, and a native file input with 上傳."""

    template_name = "portal/forms/widgets/slot.html"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, slot: DocumentSlot, files: Sequence[SlotFile], notes: Sequence[StrOrPromise], earlier: str) -> None:
        super().__init__()
        self.slot, self.files, self.notes, self.earlier = slot, files, notes, earlier

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {
            **super().get_context(name, value, attrs),
            "slot": self.slot,
            "files": self.files,
            "room": self.slot.max_files - len([file for file in self.files if not file.is_sent]),
            "free": self.slot.max_files - len([file for file in self.files if not file.is_going]),
            "accept": ACCEPT_PHOTO if self.slot.photo else ACCEPT,
            "full": slot_is_full(self.slot.max_files).message,
            "notes": self.notes,
            "earlier": "" if self.files else self.earlier,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any] | None, name: str) -> None:
        """Nothing: what was posted was kept before the form was made."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


def _help(slot: DocumentSlot) -> Any:
    return format_lazy(_("{condition}。{help}"), condition=slot.condition, help=slot.help) if slot.condition else slot.help


class SlotField(forms.Field):
    """One line of 應檢附文件. Whether it may stay empty depends on the answers: the form says so.

    `notes` tell what just happened to files of it; `earlier` is the day on which files were sent that can be used again.
    """

    def __init__(
        self, slot: DocumentSlot, files: Sequence[SlotFile] = (), notes: Sequence[StrOrPromise] = (), *, earlier: str = ""
    ) -> None:
        super().__init__(
            label=slot.label,  # type: ignore[arg-type]
            required=slot.required and (slot.only_if is not None or not slot.condition),
            help_text=_help(slot),
            widget=SlotWidget(slot, files, notes, earlier),
            error_messages={"required": format_lazy(_("請上傳{label}"), label=in_sentence(slot.label))},
        )
        self.slot, self.files = slot, files
        self.remarks: Sequence[str] = ()

    @property
    def is_filled(self) -> bool:
        """Whether a file is there that stays."""
        return any(not file.is_going for file in self.files)

    def clean(self, value: Any) -> None:
        """Nothing is wrong with it by itself."""
