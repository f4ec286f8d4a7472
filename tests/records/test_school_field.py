"""就讀學校, a list by cities in the reader's language."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal.fields.districts import CITIES
from portal.records.models import School
from portal.records.school_field import SchoolField

pytestmark = pytest.mark.django_db
GROUP = re.compile(r'<optgroup label="([^"]+)">(.*?)</optgroup>', re.DOTALL)
OPTION = re.compile(r'<option value="(\w+)"([^>]*)>([^<]+)</option>')


def drawn(language: str = "zh-hant", value: str = "") -> str:
    with override(language):
        return unescape(SchoolField(label="就讀學校").widget.render("school", value, {"id": "id_school"}))


def groups(html: str) -> dict[str, list[str]]:
    return {label: [code for code, _rest, _name in OPTION.findall(inner)] for label, inner in GROUP.findall(html)}


def option(html: str, code: str) -> tuple[str, str]:
    return next((rest.strip(), name) for found, rest, name in OPTION.findall(html) if found == code)


def test_every_school_stands_under_its_city_by_its_code() -> None:
    found = groups(drawn())
    assert list(found) == [city.name for city in CITIES.values() if city.name != "連江縣"]  # no school there
    assert sum(map(len, found.values())) == 149
    assert all(codes == sorted(codes) for codes in found.values())
    assert found["臺北市"][:3] == ["0001", "0003", "0004"]
    assert (found["臺北市"][-1], found["澎湖縣"]) == ("3002", ["0042"])


def test_a_school_of_a_city_that_is_not_known_stands_at_the_end() -> None:
    School.objects.create(code="9001", name="新學校", city="香港")
    assert list(groups(drawn()).items())[-1] == ("香港", ["9001"])


@pytest.mark.parametrize(
    ("language", "city", "name", "others"),
    [
        ("zh-hant", "臺北市", "國立臺灣大學", "国立台湾大学;National Taiwan University;0003;臺大;NTU"),
        ("zh-hans", "台北市", "国立台湾大学", "國立臺灣大學;National Taiwan University;0003;臺大;NTU"),
        ("en", "Taipei City", "National Taiwan University", "國立臺灣大學;国立台湾大学;0003;臺大;NTU"),
    ],
)
def test_a_school_is_named_in_the_readers_language_and_found_by_its_other_names(
    language: str, city: str, name: str, others: str
) -> None:
    html = drawn(language)
    assert "0003" in groups(html)[city]
    assert option(html, "0003") == (f'data-names="{others}"', name)


def test_a_name_that_is_not_known_in_english_is_chinese_and_says_so() -> None:
    assert option(drawn("en"), "1188") == ('data-names="大同技术学院;1188" lang="zh-Hant-TW"', "大同技術學院")
    assert "lang=" not in option(drawn("zh-hans"), "1188")[0]


def test_the_chosen_one_is_chosen() -> None:
    assert drawn(value="0003").count(" selected") == 1
    assert option(drawn(value="0003"), "0003")[0].startswith("selected ")
    assert '<option value="" selected>請選擇</option>' in drawn()


def test_the_value_is_the_school() -> None:
    assert SchoolField(label="就讀學校").clean("0003") == School.objects.get(pk="0003")


def test_the_list_takes_one_question() -> None:
    with CaptureQueriesContext(connection) as asked:
        drawn()
    assert len(asked) == 1
