"""Forms in which what is typed is cleaned before any field looks at it; a new field needs to do nothing for it."""

from functools import partial
from typing import Any

from django import forms

from .choices import share_choices
from .form_fields import GregorianDateField
from .typed import Shape, cleaned, cleaned_for


class CleanForm(forms.BaseForm):
    """Mixin of every form of the portal, the admin's among them (tests/fields/test_every_field.py goes through them)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for field in vars(cls).get("declared_fields", {}).values():
            share_choices(field)

    def full_clean(self) -> None:
        for field in self.fields.values():
            if isinstance(field, GregorianDateField):
                field.today = field.today or getattr(self, "today", None)
            if not isinstance(field, forms.FileField) and not isinstance(field.clean, partial):
                field.clean = partial(self.clean_typed, field, field.clean)  # type: ignore[method-assign]
        super().full_clean()

    @staticmethod
    def clean_typed(field: forms.Field, clean: Any, value: Any) -> Any:
        """The field's own value of what was typed into it."""
        return clean(cleaned_for(field, value))


class CleanField(forms.Field):
    """The same for forms that are not ours to make: Wagtail's of our models (portal.cms.form_fields)."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(cleaned_for(self, value))


class CleanCharField(CleanField, forms.CharField):
    pass


class CleanEmailField(CleanField, forms.EmailField):
    pass


class CleanIntegerField(CleanField, forms.IntegerField):
    pass


class CleanRichTextField(CleanField, forms.CharField):
    """Its editor's widget is a hidden one, which nobody types into."""

    shape = Shape.PROSE


def cleaned_within(value: Any) -> Any:
    """The same value with every text in it cleaned: what a page's blocks hold, as lists and dictionaries."""
    match value:
        case str():
            return cleaned(value, Shape.PROSE)
        case list():
            return [cleaned_within(each) for each in value]
        case dict():
            return {key: cleaned_within(each) for key, each in value.items()}
    return value
