"""Our template of a list of choices draws what Django's does."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting

CHOICES = [("", "---"), ("a", "<A> & B"), ("一組", [("b", "B"), (3, "三")])]


@pytest.mark.parametrize("value", ["", "a", "3", None])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_a_list_of_choices_is_drawn_as_django_draws_it(widget: type[forms.Select], value: str | None) -> None:
    drawn = widget({"class": "wide", "required": True, "autofocus": False}, choices=CHOICES)
    ours, djangos = (
        [line for line in drawn.render("name", value, {"id": "id_name"}, renderer).splitlines() if line.strip()]
        for renderer in (TemplatesSetting(), DjangoTemplates())
    )
    assert ours == djangos
    assert "".join(ours).count("<option") == 4
