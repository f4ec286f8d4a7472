"""The list of schools."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.records.models import School
from portal.records.operations import ImportResult, import_schools

pytestmark = pytest.mark.django_db


def test_a_new_database_knows_the_schools() -> None:
    assert School.objects.count() == 149
    assert (School.objects.get(pk="0003").name, School.objects.get(pk="3002").city) == ("國立臺灣大學", "臺北市")


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


def test_a_wrong_list_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,city\n9001,新學校,澎湖縣\n90011,新學校,澎湖縣\n")
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"nothing was imported: 1 error\(s\)"):
        call_command("import_schools", str(path), stderr=err)
    assert err.getvalue() == f"{path}, line 3, column code: is not a school code of four characters\n"
    assert not School.objects.filter(pk="9001").exists()
