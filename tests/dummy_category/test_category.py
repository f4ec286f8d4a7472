"""docs/add-a-category.md: what it shows is a whole category, from registration to the application form."""

import datetime as dt
import re
import textwrap
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.eligibility import check_permit
from portal.cms.snippets import publish_new
from portal.core import categories
from portal.editorial.declaration import Declaration
from portal.records.models import Applicant
from portal.records.operations import ImportRefused, import_records
from portal.records.protocol import Reason, Refusal
from portal.review.groups import RECORDS_CLERKS
from tests import people
from tests.accounts.steps import LOGIN, WANG, last_link, submit, text
from tests.conftest import logged_in
from tests.records.agency import Row, applicant_row, permit_row, write
from tests.staff import make_staff

from .forms import StayForm

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"`(tests/dummy_category/[^`]+\.\w+)`\n\s+```\w+\n(.*?)\n\s+```", re.DOTALL)
SLUG = "exchange-student"
HOME = f"/{SLUG}/individual"
HERE, REGISTER, TODO = f"{HOME}/login/", f"{HOME}/register/", f"{HOME}/todo/"
WRONG = "帳號或密碼錯誤"
BY_CHANCE = re.compile(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}')


def test_the_page_shows_the_files_of_the_category() -> None:
    page = (ROOT / "docs" / "add-a-category.md").read_text()
    shown = {name: textwrap.dedent(f"   {code.lstrip()}").strip() for name, code in SHOWN.findall(page)}
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests/dummy_category").rglob("*.*")}
    written = {name for name in files if name.endswith((".py", ".html")) and "/migrations/" not in name}
    assert shown.keys() == {name for name in written if not name.endswith("__init__.py") and "/test_" not in name}
    for name, code in shown.items():
        assert code == (ROOT / name).read_text().strip(), name


def test_the_category_and_its_kind_are_registered() -> None:
    assert str(categories.get(SLUG).name) == "交換學生"
    kind = kinds.get(SLUG, "stay")
    assert list(kinds.of_category(SLUG)) == [kind]
    assert kind.form is StayForm
    with pytest.raises(KeyError):
        kinds.get(people.CATEGORY, "stay")


# 李交換, as the agency's file has them and as they type it: no 統一證號, the passport's number in lower case.
OTHER_PAPERS = ("person_id", "travel_document_no", "travel_document_expiry")
ROW = applicant_row(8, chinese_name="李交換", birth_place="DEU", passport_no="c0123456", passport_expiry="2030-05-06")
IN_THE_RECORDS = {name: value for name, value in ROW.items() if name not in OTHER_PAPERS}
PERMIT = permit_row(8, permit_type="exchange")
TYPED = {name: value for name, value in WANG.items() if name != "travel_document_no"} | {
    "username": "exchange",
    "chinese_name": "李交換",
    "ui_no": "",
    "permit_no": PERMIT["permit_no"],
    "passport_no": "c 012-3456",
}


def brought_in(folder: Path, person: Row = IN_THE_RECORDS, permit: Row = PERMIT) -> Applicant:
    """The agency's files of this category."""
    applicants, permits = write(folder / "applicants.csv", person), write(folder / "permits.csv", permit)
    import_records(applicants=applicants, permits=permits, category=SLUG)
    return Applicant.objects.get(ui_no=person["ui_no"])


@pytest.fixture
def lee(db: None, tmp_path: Path) -> Applicant:
    """李交換 in the records, with their permit."""
    return brought_in(tmp_path)


def registered(client: Client, **changes: str) -> User:
    """李交換 registers here and follows the email's link."""
    sent = submit(client, REGISTER, TYPED | changes)
    assert sent["Location"] == f"{HOME}/register/done/"
    link = last_link()
    assert link.startswith(f"{HOME}/activate/")
    assert client.post(link)["Location"] == HERE
    return User.objects.get(username="exchange")


def test_the_agencys_file_has_the_categorys_own_columns(lee: Applicant, tmp_path: Path) -> None:
    assert (lee.category, lee.birth_place) == (SLUG, "DEU")
    assert lee.papers == {"passport_no": "C0123456", "passport_expiry": "2030-05-06"}
    assert lee.get_papers_display() == "護照號碼 C0123456；護照效期 2030/05/06"
    assert lee.permits.get().get_permit_type_display() == "交換學生證"
    wrong = IN_THE_RECORDS | {"passport_no": "C01", "passport_expiry": "soon", "birth_place": "31"}
    with pytest.raises(ImportRefused) as refused:
        brought_in(tmp_path, wrong, PERMIT | {"permit_type": "single"})
    assert [(problem.column, problem.reason) for problem in refused.value.problems] == [
        ("birth_place", "不是 3 碼的國家代碼"),
        ("passport_no", "不是 1 或 2 個英文字母加 7 碼數字"),
        ("passport_expiry", "不是 YYYY-MM-DD 形式的日期"),
        ("permit_type", "不是 exchange 其中之一"),
    ]
    with pytest.raises(ImportRefused) as refused:
        import_records(applicants=write(tmp_path / "a.csv", applicant_row(1)), permits=None, category=SLUG)
    assert {(problem.column, problem.reason) for problem in refused.value.problems} == {
        ("passport_no", "缺少這一欄"),
        ("passport_expiry", "缺少這一欄"),
        ("person_id", "沒有這一欄"),
        ("travel_document_no", "沒有這一欄"),
        ("travel_document_expiry", "沒有這一欄"),
    }


def test_a_holder_of_another_category_is_nobody_here(wang: Applicant, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        brought_in(tmp_path, permit=PERMIT | {"ui_no": wang.ui_no})
    assert [problem.column for problem in refused.value.problems] == ["ui_no"]


def test_its_registration_form_asks_for_its_papers(client: Client, lee: Applicant) -> None:
    form = client.get(REGISTER).context["form"]
    assert [str(field.label) for field in form] == [
        *("帳號", "密碼", "再次輸入密碼", "中文姓名", "出生日期（西元）"),
        *("統一證號", "入出境許可證號", "護照號碼", "就讀學校", "Email 信箱", "手機", "驗證碼"),
    ]
    assert 'name="passport_no"' in text(client.get(REGISTER))
    form = submit(client, REGISTER, TYPED | {"passport_no": "L10000001", "permit_no": "1"}).context["form"]
    assert form.errors == {
        "permit_no": ["入出境許可證號不正確，請輸入 12 碼數字"],
        "passport_no": ["護照號碼不正確，請輸入 1 或 2 個英文字母加 7 位數字"],
    }
    form = submit(client, REGISTER, TYPED | {"passport_no": "", "permit_no": ""}).context["form"]
    assert form.errors == {"ui_no": ["請輸入統一證號或入出境許可證號"], "passport_no": ["請輸入護照號碼"]}


@pytest.mark.parametrize("wrong", [{"passport_no": "C0123457"}, {"chinese_name": "李交替"}])
def test_who_does_not_agree_with_the_records_is_unknown(client: Client, lee: Applicant, wrong: dict[str, str]) -> None:
    assert submit(client, REGISTER, TYPED | wrong).context["form"].non_field_errors() == ["查無此學生資料"]
    assert not User.objects.exists()


def test_one_category_does_not_register_the_others_people(client: Client, lee: Applicant, wang: Applicant) -> None:
    Applicant.objects.filter(pk=wang.pk).update(papers={**wang.papers, **lee.papers})
    typed = TYPED | {name: WANG[name] for name in ("chinese_name", "ui_no")} | {"permit_no": ""}
    assert submit(client, REGISTER, typed).context["form"].non_field_errors() == ["查無此學生資料"]
    Applicant.objects.filter(pk=wang.pk).update(category=SLUG)  # the control
    assert submit(client, REGISTER, typed)["Location"] == f"{HOME}/register/done/"


def test_its_profile_page_shows_its_papers(client: Client, lee: Applicant) -> None:
    user = registered(client)
    page = text(logged_in(user).get(f"{HOME}/account/profile/"))
    assert '<div><dt>護照號碼</dt><dd class="number" translate="no">C0123456</dd></div>' in page


def test_the_clerks_lists_show_its_papers_and_types_of_permit(lee: Applicant, wang: Applicant) -> None:
    clerk = logged_in(make_staff("clerk", RECORDS_CLERKS))
    applicants, permits = (reverse(f"portal_records_{model}_modeladmin_index") for model in ("applicant", "permit"))
    page = text(clerk.get(applicants))
    for shown in ("護照號碼", "護照效期", "C0123456", "大陸居民往來台灣通行證號", "通行證效期", "L10000001"):
        assert shown in page
    for word in ("C0123456", "李交換", lee.ui_no):
        found = text(clerk.get(applicants, {"q": word}))
        assert ("C0123456" in found, "L10000001" in found) == (True, False)
    assert "李交換" not in text(clerk.get(applicants, {"q": "passport"}))  # the name of a column is no number
    only = text(clerk.get(applicants, {"category": SLUG}))
    assert ("李交換" in only, "王小明" in only) == (True, False)
    listed = text(clerk.get(permits))
    assert ("交換學生證" in listed, "單次" in listed) == (True, True)
    only = text(clerk.get(permits, {"permit_type": "exchange"}))
    assert (PERMIT["permit_no"] in only, people.SINGLE_PERMIT_NO in only) == (True, False)
    inspected = text(clerk.get(reverse("portal_records_applicant_modeladmin_inspect", args=[lee.pk])))
    assert "護照號碼 C0123456；護照效期 2030/05/06" in inspected
    exported = b"".join(clerk.get(applicants, {"export": "csv"})).decode()
    assert "C0123456,2030/05/06" in exported


def test_from_registration_to_the_first_page_of_the_application(client: Client, lee: Applicant) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)):
        user = registered(client)
        assert (user.category, user.ui_no) == (SLUG, lee.ui_no)
        assert submit(client, HERE, {"username": "exchange", "password": people.PASSWORD})["Location"] == TODO
        todo = text(client.get(TODO))
        assert "<h1>待辦事項</h1>" in todo
        assert '<a href="?tab=stay" data-tab="stay" aria-current="page">延長停留' in todo
        assert f'href="{HOME}/apply/stay/"' in todo
        publish_new(Declaration(category=SLUG, title="使用聲明事項", text="<p>請詳閱。</p>"))
        start = client.get(f"{HOME}/apply/stay/", follow=True)
        assert "請詳閱。" in text(start)


@pytest.fixture
def exchange(db: None) -> User:
    return User.objects.create_user("exchange", password=people.PASSWORD, category=SLUG, chinese_name="交換生")


@pytest.mark.parametrize(
    ("realm", "account"), [(HERE, "xiaoming"), (LOGIN, "exchange"), ("/hk-macau-student/individual/login/", "exchange")]
)
def test_another_categorys_account_is_refused_as_an_unknown_one(owner: User, exchange: User, realm: str, account: str) -> None:
    answers = []
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        for name in (account, "z" * len(account)):
            client = Client()
            response = submit(client, realm, {"username": name, "password": people.PASSWORD})
            assert list(response.context["form"].non_field_errors()) == [WRONG]
            assert SESSION_KEY not in client.session
            answers.append((response.status_code, dict(response.headers), BY_CHANCE.sub("", text(response)).replace(name, "")))
    assert answers[0] == answers[1]


def test_a_student_of_one_category_is_nobody_in_the_other(owner: User, exchange: User) -> None:
    assert logged_in(owner).get(TODO)["Location"].startswith(HERE)
    assert logged_in(exchange).get("/china-student/individual/todo/")["Location"].startswith(LOGIN)


def test_who_comes_into_another_category_may_have_an_account_in_each(client: Client, owner: User, tmp_path: Path) -> None:
    """The records have a person in one category at a time: of the older account's permits none is found any more."""
    brought_in(tmp_path, IN_THE_RECORDS | {"ui_no": owner.ui_no}, PERMIT | {"ui_no": owner.ui_no})
    assert registered(client).ui_no == owner.ui_no
    assert User.objects.filter(ui_no=owner.ui_no).count() == 2
    older = check_permit(kinds.get(people.CATEGORY, "multiple-entry"), owner, people.SINGLE_PERMIT_NO, now=timezone.now())
    assert older == Refusal(Reason.NOT_YOURS)
