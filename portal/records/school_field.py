"""就讀學校: one of the list, which can be searched by any of a school's names."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.wording import Wording, in_language
from portal.fields.districts import CITIES

from .models import School


def name_of(school: School) -> Wording:
    """The school's name in the reader's language, or else in Chinese, marked as that."""
    return in_language(school, "name", get_language() or settings.LANGUAGE_CODE)


def school_in_page_language(name: str) -> str:
    """What the reader calls the school of that Chinese name; where nobody knows it, the name as it is."""
    if not name or get_language() == settings.LANGUAGE_CODE:
        return name
    school = School.objects.filter(name=name).first()
    return name_of(school).text if school else name


class SchoolChoices(ModelChoiceIterator):  # type: ignore[type-arg]  # generic in the stubs only
    """The schools of each 縣市 by their codes, national ones first; cities in the order of the agency's forms."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label  # asked for alone, before there is a question to the database
        schools = list(self.queryset)
        cities = {city.name: lazystr(city) for city in CITIES.values()}
        for name in dict.fromkeys([*cities, *(school.city for school in schools)]):
            if found := [self.choice(school) for school in schools if school.city == name]:
                yield cities.get(name, name), found


class SchoolList(forms.Select):
    """A list; with JavaScript there is a search field above it, and each school's other names beside it are searched, too."""

    template_name = "portal/records/school_list.html"

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        school = getattr(value, "instance", None)  # 請選擇 has none
        if isinstance(school, School):
            shown = name_of(school)
            option["attrs"]["data-names"] = ";".join(other for other in school.names if other != shown.text)
            if shown.is_fallback:
                option["attrs"]["lang"] = shown.language
        return option


class SchoolField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """就讀學校."""

    iterator = SchoolChoices

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(School.objects.all(), empty_label=_("請選擇"), widget=SchoolList, **kwargs)

    def label_from_instance(self, obj: School) -> str:
        return name_of(obj).text
