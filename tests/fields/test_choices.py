"""Choices that all forms of a class share."""

import copy
from typing import Any

from django import forms

from portal.fields.choices import FixedChoices
from portal.throttling.form_limits import LengthFirst


class PetForm(LengthFirst, forms.Form):
    """Made up."""

    pet = forms.ChoiceField(choices=[("cat", "貓"), ("Dogs", [("husky", "哈士奇")])])
    other = forms.TypedChoiceField(choices=lambda: [("1", "一")], coerce=int)


def test_the_forms_of_a_class_share_the_choices_and_show_the_same() -> None:
    one, two = PetForm(), PetForm()
    assert isinstance(one.fields["pet"].choices, FixedChoices)
    assert one.fields["pet"].choices is two.fields["pet"].choices is one.fields["pet"].widget.choices
    assert list(one.fields["pet"].choices) == [("cat", "貓"), ("Dogs", [("husky", "哈士奇")])]
    assert 'value="husky"' in str(one["pet"])


def test_who_sets_other_choices_leaves_those_of_the_others_alone() -> None:
    changed = PetForm({"pet": "fish", "other": "1"})
    changed.fields["pet"].choices = [("fish", "魚")]  # type: ignore[attr-defined]
    assert changed.is_valid()
    assert not PetForm({"pet": "fish", "other": "1"}).is_valid()
    assert PetForm({"pet": "husky", "other": "1"}).is_valid()


def test_choices_that_are_asked_for_anew_are() -> None:
    asked: list[Any] = []

    def choices() -> list[tuple[str, str]]:
        asked.append(1)
        return [("1", "一")]

    class Asking(LengthFirst, forms.Form):
        number = forms.ChoiceField(choices=choices)

    assert list(Asking().fields["number"].choices) == [("1", "一")]  # type: ignore[attr-defined]
    assert list(Asking().fields["number"].choices) == [("1", "一")]  # type: ignore[attr-defined]
    assert len(asked) == 2


def test_a_copy_is_the_same_object_and_equals_a_list() -> None:
    choices = FixedChoices([("a", "A"), ("b", "B")])
    assert copy.deepcopy(choices) is copy.copy(choices) is choices
    assert (choices == [("a", "A"), ("b", "B")], len(choices), choices[1]) == (True, 2, ("b", "B"))
    assert choices != [("a", "A")]
