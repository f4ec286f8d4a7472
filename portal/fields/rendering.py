"""How a field is drawn: what its template is given, by name.

A template that asks a field for each of these itself asks, for most of a page's hundred fields, for what they do not have, and
that is the slowest thing to ask a Django template for.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class ShownField(forms.BoundField):
    """A field with all that templates/django/forms/field.html says of it."""

    def get_context(self) -> dict[str, Any]:
        field, errors = self.field, self.errors
        return {
            "field": self,
            "id": self.auto_id,
            "classes": " ".join(filter(None, ("field", "field-invalid" if errors else "", self.css_classes()))),
            "label": self.label,
            "label_for": self.id_for_label,
            "help_text": self.help_text,
            "errors": errors,
            "required": field.required,
            "described_by": self.aria_describedby,
            "is_group": self.use_fieldset,
            "is_tick": isinstance(field.widget, forms.CheckboxInput),
            # What a form may know besides: of whom it is asked, an officer's remarks, what the records have, the document.
            "only_if": getattr(field, "only_if", None),
            "remarks": getattr(field, "remarks", ()),
            "current": getattr(field, "current", None),
            "is_added": getattr(getattr(field, "slot", None), "is_added", False),
        }


class FormRenderer(TemplatesSetting):
    """Draws by the site's templates, and gives that of a field what ShownField says of it."""

    bound_field_class = ShownField
