"""Widgets that say so when nothing is ticked: a post that leaves a field out leaves it as it was."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


class Tick(forms.CheckboxInput):
    """A tick box that posts its name, ticked or not."""

    template_name = "portal/fields/widgets/tick.html"


class Ticks(forms.CheckboxSelectMultiple):
    """Tick boxes of which several may be ticked, or none."""

    template_name = "portal/fields/widgets/ticks.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[str]:
        return [value for value in super().value_from_datadict(data, files, name) or [] if value]
