"""What Wagtail's own forms make of our models' fields: text is cleaned as in every form of the portal, days are read as there."""
# mypy: allow-untyped-calls
# Wagtail's registry carries no types.

from typing import Any

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput
from wagtail.fields import RichTextField

from portal.core.wording import is_blank
from portal.fields.cleaning import CleanCharField, CleanEmailField, CleanIntegerField, CleanRichTextField
from portal.fields.form_fields import GregorianDateField


class RichTextFormField(CleanRichTextField):
    """An emptied one still has its paragraph: it is as empty as any other field, and missed where it is required."""

    def to_python(self, value: Any) -> Any:
        html = super().to_python(value)
        return "" if is_blank(html or "") else html


# Each for exactly that field: an address has a form field of its own.
INTEGERS = (
    *(models.IntegerField, models.SmallIntegerField, models.BigIntegerField),
    *(models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField),
)
CLEANED: dict[Any, dict[str, Any]] = {
    models.CharField: {"form_class": CleanCharField},
    models.EmailField: {"form_class": CleanEmailField},
    models.TextField: {"form_class": CleanCharField, "widget": AdminAutoHeightTextInput},
    RichTextField: {"form_class": RichTextFormField},
    models.DateField: {"form_class": GregorianDateField, "widget": AdminDateInput},
    **{field: {"form_class": CleanIntegerField} for field in INTEGERS},
}


def register() -> None:
    """Before any form of the admin is made."""
    for field, override in CLEANED.items():
        register_form_field_override(field, override=override, exact_class=True)
