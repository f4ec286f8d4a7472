"""`import_records`: the agency's files, all or nothing."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.records.csv_files import NO_GB, Problem
from portal.records.models import Applicant, Permit
from portal.records.operations import ImportRefused, ImportResult, import_records, import_schools

from .agency import Row, applicant_row, chinese_name, permit_row, write

pytestmark = pytest.mark.django_db


def problems_of(*, applicants: Path | None = None, permits: Path | None = None) -> list[tuple[int, str, str]]:
    """Line, column and reason of everything that is wrong; nothing may have been written."""
    before = Applicant.objects.count(), Permit.objects.count()
    with pytest.raises(ImportRefused) as refused:
        import_records(applicants=applicants, permits=permits)
    assert (Applicant.objects.count(), Permit.objects.count()) == before
    files = {str(path) for path in (applicants, permits) if path}
    assert {problem.file for problem in refused.value.problems} <= files
    return [(problem.line, problem.column, problem.reason) for problem in refused.value.problems]


def test_people_and_permits_are_taken_over(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(7))
    papers = write(tmp_path / "p.csv", permit_row(7), permit_row(8, ui_no=applicant_row(7)["ui_no"], entered_on=""))
    assert import_records(applicants=people, permits=papers) == (ImportResult(new=1), ImportResult(new=2))
    person = Applicant.objects.values().get()
    person.pop("id")
    assert person == {
        "category": "china-student",
        "ui_no": "A890000075",
        "chinese_name": chinese_name(7),
        "english_name": "STUDENT, NUMBER 000007",
        "gender": "0",
        "birth_date": dt.date(2004, 5, 6),
        "birth_place": "31",
        "papers": {
            "person_id": "310104200405060010",
            "travel_document_no": "L00000007",
            "travel_document_expiry": "2031-01-01",
        },
        "school_id": "0003",
        "department": "資訊工程學系",
        "degree": "B",
        "student_no": "115000007",
        "enrolled_on": dt.date(2026, 9, 1),
    }
    first, second = Permit.objects.values()
    first.pop("id")
    assert first == {
        "permit_no": "115000000007",
        "applicant_id": "A890000075",
        "permit_type": "single",
        "issued_on": dt.date(2026, 10, 20),
        "valid_until": dt.date(2027, 1, 20),
        "entered_on": dt.date(2026, 11, 2),
        "stay_until": dt.date(2027, 1, 2),
        "revoked": False,
        "previous_permit_no": "",
        "first_permit_no": "",
    }
    assert second["entered_on"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_with_and_without_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, chinese_name="張𠅤"), encoding=encoding)
    import_records(applicants=people, permits=None)
    assert Applicant.objects.get().chinese_name == "張𠅤"


def test_a_file_in_big5_is_recognised(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, chinese_name="王小明"), applicant_row(2), encoding="cp950")
    import_records(applicants=people, permits=None)
    assert list(Applicant.objects.values_list("chinese_name", flat=True)) == ["王小明", chinese_name(2)]


# As people write, on either side; of the first two every byte can be read as the other encoding, too.
SIMPLIFIED = ["测试", "陈建国", "李伟", "欧阳美玲", "计算机科学与技术系", "国际经济与贸易学院"]
TRADITIONAL = ["測試", "陳建國", "歐陽美玲", "資訊工程學系", "國際企業學系", "許功蓋"]


@pytest.mark.parametrize("department", SIMPLIFIED)
def test_a_file_in_gbk_is_refused_in_words_and_not_taken_for_big5(tmp_path: Path, department: str) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, chinese_name="张伟", department=department), encoding="gbk")
    assert problems_of(applicants=people) == [(1, "", NO_GB)]


@pytest.mark.parametrize("department", TRADITIONAL)
def test_a_file_in_big5_is_not_taken_for_gbk(tmp_path: Path, department: str) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, chinese_name="王小明", department=department), encoding="cp950")
    import_records(applicants=people, permits=None)
    assert Applicant.objects.get().department == department


def test_control_the_same_bytes_can_be_read_as_big5() -> None:
    assert [each.encode("gbk").decode("cp950") for each in SIMPLIFIED[:3]] == ["聆彸", "麻膘弊", "燠帡"]


def test_known_keys_are_updated_and_the_rest_is_left_alone(tmp_path: Path) -> None:
    import_records(
        applicants=write(tmp_path / "a.csv", applicant_row(1), applicant_row(2)),
        permits=write(tmp_path / "p.csv", permit_row(1), permit_row(2)),
    )
    Permit.objects.update(revoked=True)
    keys = list(Applicant.objects.values_list("pk", "ui_no"))
    counts = import_records(
        applicants=write(tmp_path / "a.csv", applicant_row(1, chinese_name="改名"), applicant_row(3)),
        permits=write(tmp_path / "p.csv", permit_row(1, stay_until="2027-01-05")),
    )
    assert counts == (ImportResult(new=1, known=1), ImportResult(new=0, known=1))
    assert list(Applicant.objects.values_list("chinese_name", flat=True)) == ["改名", chinese_name(2), chinese_name(3)]
    assert list(Applicant.objects.values_list("pk", "ui_no"))[:2] == keys
    assert list(Permit.objects.values_list("stay_until", "revoked")) == [(dt.date(2027, 1, 5), True), (dt.date(2027, 1, 2), True)]


def test_a_permit_is_revoked_by_a_file_that_says_so_and_comes_back_by_one_that_says_so(tmp_path: Path) -> None:
    import_records(applicants=write(tmp_path / "a.csv", applicant_row(1)), permits=write(tmp_path / "p.csv", permit_row(1)))
    for said, known in (("1", True), (None, True), ("0", False)):
        row = permit_row(1) if said is None else permit_row(1, revoked=said)
        import_records(applicants=None, permits=write(tmp_path / "p.csv", row))
        assert Permit.objects.get().revoked is known


def test_revoked_is_1_or_0(tmp_path: Path) -> None:
    papers = write(tmp_path / "p.csv", permit_row(1, revoked="yes"))
    people = write(tmp_path / "a.csv", applicant_row(1))
    assert problems_of(applicants=people, permits=papers) == [(2, "revoked", "不是 0、1 其中之一")]


def test_columns_may_stand_in_any_order_and_codes_in_any_width(tmp_path: Path) -> None:
    row = applicant_row(1, person_id="11010519491231002x", travel_document_no="ｌ 0000-0001")
    import_records(applicants=write(tmp_path / "a.csv", dict(reversed(row.items()))), permits=None)
    papers = Applicant.objects.get().papers
    assert (papers["person_id"], papers["travel_document_no"]) == ("11010519491231002X", "L00000001")


def test_one_wrong_line_and_nothing_is_written(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1), applicant_row(2))
    papers = write(tmp_path / "p.csv", permit_row(1), permit_row(2, stay_until="soon"))
    assert problems_of(applicants=people, permits=papers) == [(3, "stay_until", "不是 YYYY-MM-DD 形式的日期")]
    assert not Applicant.objects.exists()


NOT_A_DATE = "不是 YYYY-MM-DD 形式的日期"
NOT_A_UI_NO = "不是統一證號：格式或檢查碼有誤"
NOT_OF_THE_MAINLAND = "不是大陸地區人民的統一證號：格式或檢查碼有誤"


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"ui_no": "A890000003"}, "ui_no", NOT_OF_THE_MAINLAND),
        ({"ui_no": "A800000014"}, "ui_no", NOT_OF_THE_MAINLAND),  # a foreigner's
        ({"ui_no": ""}, "ui_no", "沒有填"),
        ({"chinese_name": "  "}, "chinese_name", "沒有填"),
        ({"chinese_name": "王" * 61}, "chinese_name", "超過 60 個字"),
        ({"english_name": "A\x00B"}, "english_name", "含有控制字元"),
        ({"chinese_name": "王?明"}, "chinese_name", "含有轉碼時遺失或無法辨識的字元（U+003F），請改為正確的字"),
        ({"chinese_name": "王\ue863"}, "chinese_name", "含有轉碼時遺失或無法辨識的字元（U+E863），請改為正確的字"),
        ({"english_name": "WANG\u200b"}, "english_name", "含有轉碼時遺失或無法辨識的字元（U+200B），請改為正確的字"),
        ({"gender": "M"}, "gender", "不是 0、1 其中之一"),
        ({"birth_date": "2004/05/06"}, "birth_date", NOT_A_DATE),
        ({"birth_date": "2004-02-30"}, "birth_date", NOT_A_DATE),
        ({"birth_date": "0004-02-03"}, "birth_date", NOT_A_DATE),
        ({"birth_place": "上海"}, "birth_place", "不是 2 碼的省市代碼"),
        ({"person_id": "310104200405060018"}, "person_id", "不是大陸居民身分證號：格式、日期或檢查碼有誤"),
        ({"travel_document_no": "C10000001"}, "travel_document_no", "不是 L 或 T 加 8 碼數字"),
        ({"school_code": "9999"}, "school_code", "不是已知學校的代碼（學校由 import_schools 匯入）"),
        ({"degree": "Z"}, "degree", "不是 D、M、B、C、2、N 其中之一"),
        ({"enrolled_on": "2004-05-06"}, "enrolled_on", "須晚於出生日期"),
    ],
)
def test_wrong_values_of_an_applicant(tmp_path: Path, changes: Row, column: str, reason: str) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1), applicant_row(2, **changes))
    assert problems_of(applicants=people) == [(3, column, reason)]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"permit_no": "12345"}, "permit_no", "不是 12 碼數字的許可證號"),
        ({"ui_no": "A890000003"}, "ui_no", NOT_A_UI_NO),
        ({"permit_type": "double"}, "permit_type", "不是 single、multiple 其中之一"),
        ({"issued_on": ""}, "issued_on", NOT_A_DATE),
        ({"valid_until": "2026-10-19", "entered_on": ""}, "valid_until", "早於核發日期"),
        ({"entered_on": "2026-10-19"}, "entered_on", "早於核發日期"),
        ({"entered_on": "2027-01-21", "stay_until": "2027-03-21"}, "entered_on", "晚於有效期限"),
        ({"stay_until": "2026-11-01"}, "stay_until", "早於入境日期"),
        ({"stay_until": "2026-10-19", "entered_on": ""}, "stay_until", "早於核發日期"),
    ],
)
def test_wrong_values_of_a_permit(tmp_path: Path, changes: Row, column: str, reason: str) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1), applicant_row(2))
    papers = write(tmp_path / "p.csv", permit_row(1), permit_row(2, **changes))
    assert problems_of(applicants=people, permits=papers) == [(3, column, reason)]


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, gender="x", degree="x"), applicant_row(1, birth_date="x"))
    papers = write(tmp_path / "p.csv", permit_row(5, issued_on="x"), permit_row(5))
    nobody = "署內資料沒有這個統一證號的人"
    assert problems_of(applicants=people, permits=papers) == [
        (2, "gender", "不是 0、1 其中之一"),
        (2, "degree", "不是 D、M、B、C、2、N 其中之一"),
        (3, "birth_date", NOT_A_DATE),
        (3, "ui_no", "與第 2 行重複"),
        (2, "issued_on", NOT_A_DATE),
        (3, "permit_no", "與第 2 行重複"),
        (2, "ui_no", nobody),
        (3, "ui_no", nobody),
    ]


def test_a_permit_of_somebody_known_already_needs_no_applicants_file(tmp_path: Path) -> None:
    import_records(applicants=write(tmp_path / "a.csv", applicant_row(1)), permits=None)
    assert import_records(applicants=None, permits=write(tmp_path / "p.csv", permit_row(1))) == (
        ImportResult(),
        ImportResult(new=1),
    )


@pytest.mark.parametrize(
    ("first_line", "expected"),
    [
        ("code,name", [("city", "缺少這一欄")]),
        ("code,name,city,kinds", [("kinds", "沒有這一欄")]),
        ("代碼,name,city,code", [("code", "這一欄出現兩次")]),
        ("code,name,city,city", [("city", "這一欄出現兩次")]),
        ("", [("", "檔案是空的；第一行須為欄名：code、name、city")]),
    ],
)
def test_a_header_that_is_not_ours(tmp_path: Path, first_line: str, expected: list[tuple[str, str]]) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{first_line}\n0003,國立臺灣大學,臺北市\n" if first_line else "")
    with pytest.raises(ImportRefused) as refused:
        import_schools(path)
    assert refused.value.problems == [Problem(str(path), 1, column, reason) for column, reason in expected]


def test_lines_that_are_not_utf_8_are_named(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1), applicant_row(2))
    people.write_bytes(people.read_bytes().replace(chinese_name(2).encode(), "測試".encode("big5")))
    assert problems_of(applicants=people) == [
        (3, "", "不是 UTF-8 文字"),
        (3, "chinese_name", "含有轉碼時遺失或無法辨識的字元（U+FFFD），請改為正確的字"),
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1, department="資訊\n工程"), applicant_row(2, gender="x"))
    people.write_bytes(people.read_bytes().replace(b"\r\n", b"\n\n"))
    assert problems_of(applicants=people) == [(3, "department", "含有控制字元"), (6, "gender", "不是 0、1 其中之一")]


def test_too_few_values(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1))
    people.write_text(people.read_text() + "A890000002,王小明\r\n")
    assert problems_of(applicants=people) == [(3, "", "有 2 個值，但標題列有 14 欄")]


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1))
    people.write_text(people.read_text() + '"A890000002,王小明\r\n')
    assert problems_of(applicants=people) == [(3, "", "不是 CSV（unexpected end of data）；這一行以後都沒有讀")]


def test_a_thousand_people(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", *map(applicant_row, range(1000)))
    papers = write(tmp_path / "p.csv", *map(permit_row, range(1000)))
    assert import_records(applicants=people, permits=papers) == (ImportResult(new=1000), ImportResult(new=1000))
    assert Permit.objects.order_by("permit_no").last() == Permit.objects.get(applicant__chinese_name=chinese_name(999))


def run(*args: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_records", *map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_says_what_it_did_and_how_far_it_is(tmp_path: Path) -> None:
    people, papers = write(tmp_path / "a.csv", applicant_row(1)), write(tmp_path / "p.csv", permit_row(1))
    out, err = run("--applicants", people, "--permits", papers)
    assert out == "applicants: 1 new, 0 updated\npermits: 1 new, 0 updated\n"
    assert err == "checking a.csv: 100%\nchecking p.csv: 100%\nwriting applicants: 100%\nwriting permits: 100%\n"


def test_the_command_lists_the_first_hundred_errors_and_fails(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", *(applicant_row(number, gender="x") for number in range(130)))
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"^nothing was imported: 130 error\(s\)$"):
        call_command("import_records", "--applicants", str(people), "--verbosity", "0", stderr=err)
    lines = err.getvalue().splitlines()
    assert len(lines) == 101
    assert lines[0] == f"{people} 第 2 行，gender 欄：不是 0、1 其中之一"
    assert lines[-1] == "... and 30 more"


def test_the_command_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file or directory$"):
        run("--applicants", tmp_path / "nowhere.csv")


def test_the_command_takes_the_files_of_a_registered_category(tmp_path: Path) -> None:
    people = write(tmp_path / "a.csv", applicant_row(1))
    run("--applicants", people, "--category", "china-student")
    assert Applicant.objects.get().category == "china-student"
    for slug in ("nobody", "hk-macau-student"):  # one that is not there, one that is not open
        with pytest.raises(CommandError, match=f"invalid choice: '{slug}'"):
            run("--applicants", people, "--category", slug)


def test_the_command_needs_a_file() -> None:
    with pytest.raises(CommandError, match="--applicants FILE, --permits FILE, or both"):
        run()
