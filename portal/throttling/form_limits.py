"""The length comes first: what is longer than its field may be gets the field's message, and no other work is done on it."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from portal.fields.cleaning import CleanForm
from portal.fields.rendering import FormRenderer

# Of a field that says no length of its own: a date, a choice, a tick.
LENGTH_MAX: Final = 200
VALUES_MAX: Final = 200
# Blanks at the ends do not count where the field takes them off, within reason.
_BLANKS: Final = 200
# What a draft or a session keeps of a value that is too long, so that it can be shown again beside its message.
KEPT_LENGTH: Final = 2000


class LengthFirst(CleanForm):
    """Mixin of every form of the portal (tests/architecture/test_field_lengths.py goes through them)."""

    # Ours are drawn by templates/django/forms/ whatever draws the other forms of the site.
    default_renderer = FormRenderer

    @staticmethod
    def clean_typed(field: forms.Field, clean: Any, value: Any) -> Any:
        most = getattr(field, "max_length", None) or LENGTH_MAX
        values = value if isinstance(value, list | tuple) else [value]
        if not field.disabled and (len(values) > VALUES_MAX or any(_is_longer(each, most, field) for each in values)):
            raise _refusal(field, most, values)
        return CleanForm.clean_typed(field, clean, value)


def _is_longer(value: Any, most: int, field: forms.Field) -> bool:
    if not isinstance(value, str) or len(value) <= most:
        return False
    return not getattr(field, "strip", False) or len(value) > most + _BLANKS or len(value.strip()) > most


def _refusal(field: forms.Field, most: int, values: Any) -> ValidationError:
    """「請確認此值的長度至多為…」 of a text; of a choice or a date what it says to any wrong value."""
    if not isinstance(field, forms.CharField):
        message = field.error_messages.get("invalid_choice") or field.error_messages.get("invalid")
        if message:
            return ValidationError(message, code="too_long", params={"value": "…", "pk": "…"})
    longest = max((len(each) for each in values if isinstance(each, str)), default=0)
    said = MaxLengthValidator(most)
    return ValidationError(said.message, code="max_length", params={"limit_value": most, "show_value": longest, "value": "…"})


def kept_values(posted: Mapping[str, list[str]], *, names: Any = None) -> dict[str, list[str]]:
    """What is written down of a form that is not right yet: so many values, each so long; PostgreSQL keeps no NUL.

    A name that no form of ours can have is left out.
    """
    wanted = filter(_may_be_a_name, posted.keys() if names is None else names & posted.keys())
    return {
        name: [value[:KEPT_LENGTH].replace("\0", "") for value in posted[name][:VALUES_MAX]] for name in list(wanted)[:VALUES_MAX]
    }


def _may_be_a_name(name: str) -> bool:
    return len(name) <= LENGTH_MAX and name.isascii() and name.isprintable()
