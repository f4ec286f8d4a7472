"""縣市 and 鄉鎮市區 by their names in each language of the portal; data/README.md says where the names come from."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Place:
    """What a place is called; as a text it is the name in the reader's language."""

    name: str
    name_zh_hans: str
    name_en: str

    def __str__(self) -> str:
        return {"en": self.name_en, "zh-hans": self.name_zh_hans}.get(get_language() or "", self.name)


@dataclass(frozen=True)
class City(Place):
    """縣市, with its number on the agency's own form."""

    code: str


@dataclass(frozen=True)
class District(Place):
    """鄉鎮市區. Districts of several cities have the same name, so `code` names the city, too: 臺北市大安區."""

    city: City

    @property
    def code(self) -> str:
        """What a form keeps; whoever meets it later reads it without a list."""
        return self.city.name + self.name


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


CITIES: Final = {row["code"]: City(**row) for row in _rows("cities.csv")}
DISTRICTS: Final = {
    district.code: district
    for district in (District(**row | {"city": CITIES[row["city"]]}) for row in _rows("districts.csv"))  # type: ignore[arg-type]
}
CITY_CHOICES: Final = [(city.code, lazystr(city)) for city in CITIES.values()]


def _grouped() -> Iterator[tuple[Any, list[tuple[str, Any]]]]:
    for city in CITIES.values():
        yield lazystr(city), [(code, lazystr(one)) for code, one in DISTRICTS.items() if one.city is city]


class DistrictList(forms.Select):
    """All districts, grouped by city; with JavaScript those of the city chosen in the field that `data-city` names."""

    template_name = "portal/fields/district_list.html"


class DistrictField(forms.ChoiceField):
    """鄉鎮市區, one of the list; `city` is the name of the field 縣市 in the same form."""

    def __init__(self, *, city: str, **kwargs: Any) -> None:
        widget = DistrictList({"data-city": city, "autocomplete": "address-level2"})
        super().__init__(choices=[("", _("請選擇")), *_grouped()], widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """What is not in the list is no choice: a draft may hold what was typed before there was one."""
        chosen = super().to_python(value)
        return chosen if chosen in DISTRICTS else ""
