"""The list of schools."""

import io
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.records.csv_files import Problem
from portal.records.models import School
from portal.records.operations import ImportRefused, ImportResult, import_schools

pytestmark = pytest.mark.django_db


def test_a_new_database_knows_the_schools() -> None:
    assert School.objects.count() == 149
    assert (School.objects.get(pk="0003").name, School.objects.get(pk="3002").city) == ("國立臺灣大學", "臺北市")


def test_a_school_is_known_by_all_its_names() -> None:
    assert School.objects.get(pk="0004").names == [
        *("國立臺灣師範大學", "国立台湾师范大学", "National Taiwan Normal University", "0004"),
        *("師大", "师大", "臺師大", "台师大", "NTNU"),
    ]
    assert School.objects.get(pk="1188").names == ["大同技術學院", "大同技术学院", "1188"]


def test_the_names_are_of_one_school_each() -> None:
    for field in ("name", "name_en", "name_zh_hans"):
        named = School.objects.exclude(**{field: ""}).values_list(field, flat=True)
        assert [name for name, times in Counter(named).items() if times > 1] == []
    assert set(School.objects.filter(name_en="").values_list("code", flat=True)) == {"0221", "1125", "1188"}
    assert not School.objects.filter(name_zh_hans="").exists()


def test_the_list_that_comes_with_the_portal_can_be_taken_again() -> None:
    School.objects.filter(pk="0003").update(name="舊名")
    School.objects.filter(pk="0001").delete()
    assert import_schools() == ImportResult(new=1, known=148)
    assert School.objects.get(pk="0003").name == "國立臺灣大學"


def test_a_newer_list(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,city\n0003,國立臺灣大學,臺北市\n9001,新學校,澎湖縣\n")
    out = io.StringIO()
    call_command("import_schools", str(path), stdout=out)
    assert out.getvalue() == "schools: 1 new, 1 updated\n"
    assert School.objects.get(pk="9001").city == "澎湖縣"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (
            "代碼,學校名稱,縣市名稱,地址,電話,網址,體系別",
            "9001,新學校,[44]澎湖縣,[880]澎湖縣馬公市,06-0000000,https://new.example,[1]一般",
        ),
        ("\ufeff 體系別 ,縣市名稱,學校名稱,代碼", "[1]一般,澎湖縣,新學校,9001"),
        ("code,name,city,kind", "9001,新學校,澎湖縣,一般"),
    ],
)
def test_the_ministrys_own_list(tmp_path: Path, head: str, line: str) -> None:
    path = tmp_path / "schools.csv"
    path.write_text(f"{head}\n{line}\n")
    assert import_schools(path) == ImportResult(new=1)
    new = School.objects.get(pk="9001")
    assert (new.name, new.city) == ("新學校", "澎湖縣")


def test_a_list_without_the_other_names_leaves_them_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,city\n0003,國立臺灣大學,臺北市\n9001,新學校,澎湖縣\n")
    import_schools(path)
    assert School.objects.get(pk="0003").name_en == "National Taiwan University"
    assert School.objects.get(pk="9001").names == ["新學校", "9001"]


def test_a_list_with_the_other_names_brings_them_or_takes_them_away(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    head = "code,name,city,name_en,name_zh_hans,aliases"
    path.write_text(f"{head}\n0003,國立臺灣大學,臺北市,,,\n9001,新學校,澎湖縣,New School,新学校,新校;NS\n")
    import_schools(path)
    assert School.objects.get(pk="0003").names == ["國立臺灣大學", "0003"]
    assert School.objects.get(pk="9001").names == ["新學校", "新学校", "New School", "9001", "新校", "NS"]


@pytest.mark.parametrize(("column", "length"), [("name_en", 120), ("name_zh_hans", 60), ("aliases", 200)])
def test_another_name_has_room(tmp_path: Path, column: str, length: int) -> None:
    path = tmp_path / "schools.csv"
    path.write_text(f"code,name,city,{column}\n9001,新學校,澎湖縣,{'x' * length}\n9002,新學校,澎湖縣,{'x' * (length + 1)}\n")
    with pytest.raises(ImportRefused) as refused:
        import_schools(path)
    assert refused.value.problems == [Problem(str(path), 3, column, f"超過 {length} 個字")]


def test_a_wrong_list_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,city\n9001,新學校,澎湖縣\n90011,新學校,澎湖縣\n")
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"nothing was imported: 1 error\(s\)"):
        call_command("import_schools", str(path), stderr=err)
    assert err.getvalue() == f"{path} 第 3 行，code 欄：不是 4 碼的學校代碼\n"
    assert not School.objects.filter(pk="9001").exists()
