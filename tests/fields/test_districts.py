"""The list of 縣市 and 鄉鎮市區: complete, spelt as the authorities spell, and in the reader's language."""

import re
from collections import Counter
from html import unescape

import pytest
from django.utils.translation import override

from portal.fields.districts import CITIES, CITY_CHOICES, DISTRICTS, DistrictField

NAMES = (
    "臺北市 基隆市 新北市 宜蘭縣 新竹市 新竹縣 桃園市 苗栗縣 臺中市 彰化縣 南投縣 "
    "嘉義市 嘉義縣 雲林縣 臺南市 高雄市 澎湖縣 屏東縣 臺東縣 花蓮縣 金門縣 連江縣"
)
# 內政部: how many 鄉鎮市區 each of them has.
COUNTS = [12, 7, 29, 12, 3, 13, 13, 18, 29, 26, 13, 2, 18, 20, 37, 38, 6, 33, 16, 13, 6, 4]
LATIN = re.compile(r"[A-Z][a-z]+(’[a-z]+)?( [A-Z][a-z]+)*( Dist\.)?")


def field() -> DistrictField:
    return DistrictField(city="city", label="鄉鎮市區")


def drawn(value: str = "") -> str:
    return unescape(field().widget.render("township", value, {"id": "id_township"}))


def test_there_are_22_cities_and_368_districts_each_of_one_city() -> None:
    assert " ".join(city.name for city in CITIES.values()) == NAMES
    assert list(CITIES) == [str(number) for number in range(1, 23)]
    found = Counter(district.city.code for district in DISTRICTS.values())
    assert [found[code] for code in CITIES] == COUNTS
    assert len(DISTRICTS) == 368


def test_170_are_districts_184_townships_and_14_cities() -> None:
    assert Counter(code[-1] for code in DISTRICTS) == {"區": 170, "鄉": 146, "鎮": 38, "市": 14}
    assert Counter(one.name_en.rpartition(" ")[2] for one in DISTRICTS.values()) == {"Dist.": 170, "Township": 184, "City": 14}


def test_every_place_has_its_three_names() -> None:
    places = [*CITIES.values(), *DISTRICTS.values()]
    assert [place for place in places if not (place.name and place.name_zh_hans and place.name_en)] == []
    assert [place.name for place in places if "台" in place.name or "臺" in place.name_zh_hans] == []
    assert [place.name_en for place in places if not LATIN.fullmatch(place.name_en)] == []


@pytest.mark.parametrize(
    ("language", "city", "district"),
    [("zh-hant", "臺南市", "後壁區"), ("zh-hans", "台南市", "后壁区"), ("en", "Tainan City", "Houbi Dist.")],
)
def test_a_place_is_named_in_the_readers_language(language: str, city: str, district: str) -> None:
    with override(language):
        assert str(dict(CITY_CHOICES)["15"]) == city
        assert f'<optgroup label="{city}">' in drawn()
        assert f'<option value="臺南市後壁區">{district}</option>' in drawn()


def test_districts_of_one_name_are_distinguished() -> None:
    assert [code for code in DISTRICTS if code.endswith("大安區")] == ["臺北市大安區", "臺中市大安區"]
    assert drawn("臺中市大安區").count(" selected") == 1
    assert '<option value="臺中市大安區" selected>大安區</option>' in drawn("臺中市大安區")


def test_the_list_begins_with_no_choice_and_holds_every_district_once() -> None:
    assert drawn().count("<optgroup") == 22
    assert drawn().count("<option") == 369
    assert drawn().index('<option value="" selected>請選擇</option>') < drawn().index("<optgroup")


@pytest.mark.parametrize("typed", ["大安區", "中正", "臺北市", "\0"])
def test_what_is_not_in_the_list_is_no_choice(typed: str) -> None:
    assert field().to_python(typed) == ""
    assert " selected" not in drawn(typed)
