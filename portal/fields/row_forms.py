"""Forms that save a row which has no history: what others saved since the page was opened is not overwritten."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import format_lazy

OPENED: Final = "opened"
CHANGED: Final = "在您開啟此頁之後，「{label}」已由他人變更為「{now}」。如確定改為您填寫的內容，請再儲存一次。"
LONGEST: Final = 20_000


class RowForm(forms.BaseModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Mixin. The page carries a mark of what each field held when it was opened.

    A field that was left as it was takes what stands there by now; one that somebody else changed, too, and otherwise, is found
    fault with, once: who saves again means it. A form without marks (no page of ours sends one) is taken as it is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            marks = json.dumps(self._marks(), separators=(",", ":"))
            self.fields[OPENED] = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput, initial=marks)

    def _held(self) -> Iterator[tuple[str, forms.Field]]:
        return ((name, field) for name, field in self.fields.items() if name != OPENED and not field.disabled)

    def _marks(self) -> dict[str, str]:
        """What each field would show now."""
        return {name: mark(self.get_initial_for_field(field, name)) for name, field in self._held()}

    def _opened(self) -> dict[str, str]:
        """What each field showed when the page was opened, as the page says."""
        try:
            found = json.loads(self.data.get(self.add_prefix(OPENED), ""))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]  # Django's, but not its stubs'
        now, opened = self._marks(), self._opened()
        clashes = [name for name in self._changed_by_others(now, opened) if not self._merged(name, now[name], opened[name])]
        for name in clashes:
            field = self.fields[name]
            said = format_lazy(CHANGED, label=field.label, now=in_words(field, self.get_initial_for_field(field, name)))
            self.add_error(name, ValidationError(said, code="changed"))
        if clashes:
            data: Any = self.data
            self.data = again = data.copy()
            again[self.add_prefix(OPENED)] = json.dumps(now, separators=(",", ":"))

    def _changed_by_others(self, now: dict[str, str], opened: dict[str, str]) -> list[str]:
        return [name for name in now if name in self.cleaned_data and opened.get(name, now[name]) != now[name]]

    def _merged(self, name: str, now: str, opened: str) -> bool:
        """Whether there is nothing to ask: it was not touched here, or both mean the same."""
        typed = mark(self.cleaned_data[name])
        if typed == opened:
            field = self.fields[name]
            self.cleaned_data[name] = field.clean(field.prepare_value(self.get_initial_for_field(field, name)))
        return typed in (opened, now)

    def save(self, commit: bool = True) -> Any:
        """Of the columns only those in which something was typed, also where two save in the same moment."""
        if not commit or self.instance.pk is None:
            return super().save(commit)
        with transaction.atomic():
            row = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
            columns = {field.name for field in self.instance._meta.concrete_fields}
            for name in columns - set(self.changed_data):
                setattr(self.instance, name, getattr(row, name))
            return super().save(commit)


def mark(value: Any) -> str:
    """A short hash of a field's value, however the form or the model holds it."""
    return sha256("\n".join(_parts(value)).encode()).hexdigest()[:12]


def _parts(value: Any) -> list[str]:
    if isinstance(value, models.Model):
        return [str(value.pk)]
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return sorted(part for each in value for part in _parts(each))
    return ["" if value is None else str(value).strip().replace("\r\n", "\n")]


def in_words(field: forms.Field, value: Any) -> str:
    """What stands there now, to be read beside what was typed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return "、".join(map(str, value)) or "（無）"
    if isinstance(field, forms.ChoiceField):
        labels = dict(field.choices)  # type: ignore[arg-type]
        return str(labels.get(value, value))
    return str(value) or "（空白）"
