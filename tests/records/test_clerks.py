"""Records clerks: files are sent in by the admin, checked, taken over or dropped; one record is put right."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.core.files import private_storage
from portal.records import imports, tasks
from portal.records.models import Applicant, Permit, RecordCorrection, RecordsImport
from portal.review.groups import RECORDS_CLERKS
from tests import people
from tests.staff import logged_in, make_staff

from .agency import applicant_row, permit_row, write

pytestmark = pytest.mark.django_db
IMPORTS = "/admin/records/imports/"
UTF_16 = [("統一證號,中文姓名", "utf-16"), ("ui_no,name", "utf-16-be")]  # with its mark, and without
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


@pytest.fixture
def clerk() -> User:
    return make_staff("clerk", RECORDS_CLERKS)


@pytest.fixture
def client_(clerk: User) -> Client:
    return logged_in(clerk)


def send_in(client: Client, **paths: Path) -> RecordsImport:
    files = {name: SimpleUploadedFile(path.name, path.read_bytes(), "text/csv") for name, path in paths.items()}
    answer = client.post(IMPORTS, {"category": people.CATEGORY, **files})
    assert answer.status_code == 302, answer.content.decode()
    row = RecordsImport.objects.latest("pk")
    assert answer["Location"] == f"{IMPORTS}{row.uid}/"
    return row


def kept() -> list[str]:
    try:
        return private_storage().listdir("imports")[1]
    except FileNotFoundError:
        return []


def test_files_are_checked_then_taken_over(client_: Client, clerk: User, tmp_path: Path) -> None:
    row = send_in(
        client_,
        applicants=write(tmp_path / "a.csv", applicant_row(1), applicant_row(2), encoding="cp950"),
        permits=write(tmp_path / "p.csv", permit_row(1)),
    )
    assert (row.state, row.by, row.new, row.known) == (
        "checked", clerk, {"applicants": 2, "permits": 1}, {"applicants": 0, "permits": 0},
    )  # fmt: skip
    assert Applicant.objects.count() == 0
    assert client_.post(f"{IMPORTS}{row.uid}/", {"begin": ""}).status_code == 302
    assert "正在匯入" in client_.get(f"{IMPORTS}{row.uid}/").content.decode()
    assert (tasks.import_queued(), tasks.import_queued()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, Applicant.objects.count(), Permit.objects.count(), kept()) == ("done", 2, 1, [])
    page = client_.get(IMPORTS).content.decode()
    assert "新增 2，更新 0" in page
    assert "已匯入" in page


@pytest.mark.parametrize(("encoding", "name", "doubts"), [("utf-8", "UTF-8", 0), ("cp950", "Big5", 1)])
def test_how_the_file_is_read_is_shown_before_it_is_taken_over(
    client_: Client, tmp_path: Path, encoding: str, name: str, doubts: int
) -> None:
    rows = [applicant_row(number, chinese_name=f"王小明{number}") for number in range(5)]
    row = send_in(client_, applicants=write(tmp_path / "a.csv", *rows, encoding=encoding))
    page = client_.get(f"{IMPORTS}{row.uid}/").content.decode()
    assert f"applicants.csv：以 {name} 讀取的前 3 列" in page
    assert re.findall(r"<td>(王小明\d)</td>", page) == ["王小明0", "王小明1", "王小明2"]
    assert page.count("檔案不是 UTF-8，系統判斷為 Big5；判斷可能有誤。") == doubts
    client_.post(f"{IMPORTS}{row.uid}/", {"drop": ""})
    assert "王小明" not in client_.get(f"{IMPORTS}{row.uid}/").content.decode()


def test_what_is_wrong_is_listed_by_line_and_column_and_nothing_is_kept(client_: Client, tmp_path: Path) -> None:
    row = send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(1), applicant_row(2, gender="男")))
    assert (row.state, row.problem_count, row.problems) == ("refused", 1, [["applicants", 3, "gender", "不是 0、1 其中之一"]])
    assert kept() == []
    page = client_.get(f"{IMPORTS}{row.uid}/").content.decode()
    assert "<td>applicants</td><td>3</td><td>gender</td><td>不是 0、1 其中之一</td>" in page
    assert client_.post(f"{IMPORTS}{row.uid}/", {"begin": ""}).status_code == 302
    assert tasks.import_queued() == 0


def test_a_thousand_problems_are_counted_and_the_first_are_listed(client_: Client, tmp_path: Path) -> None:
    row = send_in(client_, applicants=write(tmp_path / "a.csv", *(applicant_row(n, gender="x") for n in range(300))))
    assert (row.problem_count, len(row.problems)) == (300, 100)
    assert "只列出前 100 處" in client_.get(f"{IMPORTS}{row.uid}/").content.decode()


def test_what_is_dropped_or_forgotten_is_not_kept(client_: Client, tmp_path: Path) -> None:
    first, second = (send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(n))) for n in (1, 2))
    client_.post(f"{IMPORTS}{first.uid}/", {"drop": ""})
    assert len(kept()) == 1
    assert imports.drop_old(now=second.at + dt.timedelta(hours=23)) == 0
    assert imports.drop_old(now=second.at + dt.timedelta(days=1)) == 1
    assert set(RecordsImport.objects.values_list("state", "applicants")) == {("dropped", "")}
    assert (kept(), Applicant.objects.count()) == ([], 0)


def test_a_file_that_no_longer_fits_when_its_turn_comes_is_refused_whole(client_: Client, tmp_path: Path) -> None:
    people_first = send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(1)))
    client_.post(f"{IMPORTS}{people_first.uid}/", {"begin": ""})
    tasks.import_queued()
    row = send_in(client_, permits=write(tmp_path / "p.csv", permit_row(1)))
    Applicant.objects.all().delete()
    client_.post(f"{IMPORTS}{row.uid}/", {"begin": ""})
    tasks.import_queued()
    row.refresh_from_db()
    assert (row.state, row.problems) == ("refused", [["permits", 2, "ui_no", "署內資料沒有這個統一證號的人"]])
    assert (Permit.objects.count(), kept()) == (0, [])


def test_a_worker_that_comes_second_finds_that_it_is_done(client_: Client, tmp_path: Path) -> None:
    row = send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(1)))
    client_.post(f"{IMPORTS}{row.uid}/", {"begin": ""})
    meanwhile = iter([tasks.import_queued])

    def between(execute: Any, sql: str, *args: Any) -> Any:
        """Another worker, between the question what waits and the look at the first of it."""
        found = execute(sql, *args)
        if sql.startswith("SELECT") and '"state" = ' in sql and (other := next(meanwhile, None)):
            assert other() == 1
        return found

    with connection.execute_wrapper(between):
        assert imports.take_over_queued(now=NOW) == 0
    assert (Applicant.objects.count(), kept()) == (1, [])


def test_files_of_an_import_that_is_refused_are_there_until_that_is_written(client_: Client, tmp_path: Path) -> None:
    """Else nothing could be made of them again, and whatever was sent in after them would wait for ever."""
    holder = send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(1)))
    client_.post(f"{IMPORTS}{holder.uid}/", {"begin": ""})
    tasks.import_queued()
    row = send_in(client_, permits=write(tmp_path / "p.csv", permit_row(1)))
    client_.post(f"{IMPORTS}{row.uid}/", {"begin": ""})
    Applicant.objects.all().delete()

    def die(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith(f'UPDATE "{RecordsImport._meta.db_table}"'):
            raise DatabaseError
        return execute(sql, *args)

    with connection.execute_wrapper(die), pytest.raises(DatabaseError):
        imports.take_over_queued(now=NOW)
    assert len(kept()) == 1
    assert tasks.import_queued() == 1
    row.refresh_from_db()
    assert (row.state, kept()) == ("refused", [])


def test_files_that_a_dead_process_left_are_swept_up(client_: Client, tmp_path: Path) -> None:
    row = send_in(client_, applicants=write(tmp_path / "a.csv", applicant_row(1)))
    private_storage().save("imports/without-a-row.csv", ContentFile(b"x"))
    done = send_in(client_, applicants=write(tmp_path / "b.csv", applicant_row(2)))
    RecordsImport.objects.filter(pk=done.pk).update(state="done")  # and died before its file was deleted
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        tasks.purge()
    assert kept() == [Path(row.applicants.name or "").name]
    client_.post(f"{IMPORTS}{row.uid}/", {"drop": ""})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "請選擇檔案"),
        (b"", "檔案是空的"),
        (b"x" * (imports.MAX_BYTES + 1), "檔案超過"),
        (b"\x01\xff\xfe", "缺少這一欄"),
        *((text.encode(code), "這個檔案是 UTF-16 文字。請在試算表軟體另存為「CSV UTF-8") for text, code in UTF_16),
    ],
)
def test_a_file_that_is_none(client_: Client, content: bytes | None, said: str) -> None:
    files = {} if content is None else {"applicants": SimpleUploadedFile("a.csv", content)}
    answer = client_.post(IMPORTS, {"category": people.CATEGORY, **files}, follow=True)
    assert said in answer.content.decode()
    assert kept() == []


# -- one record -------------------------------------------------------------------------


def correction_of(record: Applicant | Permit) -> str:
    return f"/admin/records/{'applicants' if isinstance(record, Applicant) else 'permits'}/{record.pk}/correct/"


def sent(page: Any) -> dict[str, str]:
    """What the form of the page sends as it is."""
    form = next(form for form in lxml.html.fromstring(page.content.decode()).forms if "reason" in form.fields)
    return dict(form.form_values())


def shown(client: Client, record: Applicant | Permit) -> dict[str, str]:
    """What the page sends if nothing is changed."""
    return sent(client.get(correction_of(record)))


def correct(client: Client, record: Applicant | Permit, **changes: str) -> Any:
    values = shown(client, record)
    return client.post(correction_of(record), {**values, "reason": "依教育部來文更正", **changes})


@time_machine.travel(NOW, tick=False)
def test_a_person_is_put_right_and_the_account_follows(client_: Client, clerk: User, wang: Applicant) -> None:
    student = people.student(wang)
    answer = correct(client_, wang, chinese_name="王曉明", travel_document_no="Ｌ10000009")
    assert answer.status_code == 302, answer.content.decode()
    wang.refresh_from_db()
    student.refresh_from_db()
    assert (wang.chinese_name, wang.papers["travel_document_no"], student.chinese_name) == ("王曉明", "L10000009", "王曉明")
    line = RecordCorrection.objects.get()
    assert (line.applicant, line.permit, line.by, line.at, line.reason) == (wang, None, clerk, NOW, "依教育部來文更正")
    assert line.before == {"chinese_name": "王小明", "travel_document_no": "L10000001"}
    assert line.after == {"chinese_name": "王曉明", "travel_document_no": "L10000009"}
    page = client_.get(f"/admin/records/applicants/{wang.pk}/correct/").content.decode()
    assert "<li>中文姓名：王小明 → 王曉明</li>" in page


def test_columns_that_are_no_more_stand_last_and_always_in_one_order(client_: Client, clerk: User, wang: Applicant) -> None:
    gone = [f"old_{each}" for each in "hgfedcba"]
    values = dict.fromkeys([*gone, "chinese_name"], "x")
    RecordCorrection.objects.create(applicant=wang, by=clerk, at=NOW, reason="依教育部來文更正", before=values, after=values)
    page = client_.get(correction_of(wang)).content.decode()
    assert re.findall(r"<li>([^<]+)：x → x</li>", page) == ["中文姓名", *sorted(gone)]


def test_a_page_that_was_open_longer_undoes_nobodys_correction(client_: Client, wang: Applicant) -> None:
    early = {**shown(client_, wang), "reason": "依學校來文更正", "student_no": "B115000009"}
    assert correct(client_, wang, chinese_name="王曉明").status_code == 302
    assert client_.post(correction_of(wang), early).status_code == 302
    wang.refresh_from_db()
    assert (wang.chinese_name, wang.student_no) == ("王曉明", "B115000009")
    assert [set(line.after) for line in RecordCorrection.objects.order_by("pk")] == [{"chinese_name"}, {"student_no"}]


def test_control_a_form_that_does_not_say_what_it_showed_is_refused(client_: Client, wang: Applicant) -> None:
    early = {**shown(client_, wang), "reason": "依學校來文更正", "student_no": "B115000009"}
    careless = {name: value for name, value in early.items() if not name.startswith("initial-")}
    assert correct(client_, wang, chinese_name="王曉明").status_code == 302
    assert client_.post(correction_of(wang), careless).status_code == 400
    wang.refresh_from_db()
    assert wang.chinese_name == "王曉明"


def test_what_another_clerk_put_right_in_the_same_column_is_shown_before_it_is_changed(client_: Client, wang: Applicant) -> None:
    late = {**shown(client_, wang), "reason": "依學校來文更正", "chinese_name": "王小民", "student_no": "B115000009"}
    assert correct(client_, wang, chinese_name="王曉明").status_code == 302
    answer = client_.post(correction_of(wang), late)
    assert answer.status_code == 400
    form = answer.context["form"]
    assert form.errors == {
        "chinese_name": ["這一欄在您開啟頁面後已由別人更正，現為「王曉明」。確定要改成您填寫的內容，請再送出一次"]
    }
    assert [form[name].value() for name in ("chinese_name", "student_no", "reason")] == ["王小民", "B115000009", "依學校來文更正"]
    wang.refresh_from_db()
    assert (wang.chinese_name, wang.student_no) == ("王曉明", "B115000001")
    # The page shows what stands there now; who sends it again means it.
    again = sent(answer)
    assert (again["chinese_name"], again["initial-chinese_name"], again["initial-student_no"]) == (
        "王小民",
        "王曉明",
        "B115000001",
    )
    assert client_.post(correction_of(wang), again).status_code == 302
    wang.refresh_from_db()
    assert (wang.chinese_name, wang.student_no) == ("王小民", "B115000009")
    assert [line.before for line in RecordCorrection.objects.order_by("pk")][1] == {
        "chinese_name": "王曉明", "student_no": "B115000001",
    }  # fmt: skip


def test_a_permit_is_revoked(client_: Client, wang: Applicant) -> None:
    permit = Permit.objects.get()
    assert correct(client_, permit, revoked="1").status_code == 302
    permit.refresh_from_db()
    assert permit.revoked is True
    assert RecordCorrection.objects.get().after == {"revoked": "1"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "請填寫更正理由"),
        ({"chinese_name": ""}, "沒有填"),
        ({"birth_date": "2004/5/6"}, "不是 YYYY-MM-DD 形式的日期"),
        ({"enrolled_on": "2004-05-06"}, "須晚於出生日期"),
        ({"travel_document_no": "C1"}, "不是 L 或 T 加 8 碼數字"),
        ({}, "沒有任何欄位不同"),
    ],
)
def test_a_correction_that_is_none(client_: Client, wang: Applicant, changes: dict[str, str], said: str) -> None:
    answer = correct(client_, wang, **changes)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    for name, typed in changes.items():  # nothing typed is lost
        assert answer.context["form"][name].value() == typed
    assert RecordCorrection.objects.count() == 0


# What a clerk types, beside days; every other column is chosen from, and no code is known by heart.
TYPED = {"chinese_name", "english_name", "person_id", "travel_document_no", "department", "student_no", "reason"}


def test_a_column_that_takes_nothing_but_codes_is_chosen_by_their_names(client_: Client, wang: Applicant) -> None:
    for record in (wang, Permit.objects.get()):
        for name, field in client_.get(correction_of(record)).context["form"].fields.items():
            offered = dict(getattr(field.widget, "choices", ()))
            assert bool(offered) == (name not in TYPED and field.help_text != "YYYY-MM-DD"), name
            assert all(field.clean(code) is not None and word not in {"", code} for code, word in offered.items()), name


def test_what_was_chosen_is_shown_by_name(client_: Client, wang: Applicant) -> None:
    late = {**shown(client_, wang), "reason": "依學校來文更正", "degree": "D"}
    assert correct(client_, wang, degree="M").status_code == 302
    assert "<li>學制：學士班 → 碩士班</li>" in client_.get(correction_of(wang)).content.decode()
    error = "這一欄在您開啟頁面後已由別人更正，現為「碩士班」。確定要改成您填寫的內容，請再送出一次"
    assert client_.post(correction_of(wang), late).context["form"].errors == {"degree": [error]}


def test_what_was_put_right_is_shown_in_the_order_of_the_form(client_: Client, wang: Applicant) -> None:
    """Wherever it is kept: PostgreSQL keeps names by length."""
    assert (
        correct(client_, wang, chinese_name="王曉明", gender="1", travel_document_no="L10000009", degree="M").status_code == 302
    )
    page = client_.get(correction_of(wang)).content.decode()
    assert re.findall("<li>(.+?)：", page.split("<h2>更正紀錄</h2>")[1]) == [
        "中文姓名",
        "性別",
        "大陸居民往來台灣通行證號",
        "學制",
    ]


def test_a_code_that_is_none_any_more_stays_until_another_is_chosen(client_: Client, wang: Applicant) -> None:
    Applicant.objects.update(birth_place="00")
    page = client_.get(correction_of(wang))
    assert page.context["form"]["birth_place"].field.widget.choices[0] == ("00", "00")
    assert shown(client_, wang)["birth_place"] == "00"


def test_every_column_of_the_files_may_be_put_right_but_the_keys(client_: Client, wang: Applicant) -> None:
    form = client_.get(f"/admin/records/applicants/{wang.pk}/correct/").context["form"]
    assert set(applicant_row()) - {"ui_no", "school_code"} | {"school_id", "reason"} == set(form.fields)
    permit = client_.get(f"/admin/records/permits/{Permit.objects.get().pk}/correct/").context["form"]
    assert set(permit_row()) - {"ui_no", "permit_no"} | {"revoked", "reason"} == set(permit.fields)
