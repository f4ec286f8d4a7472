"""註冊帳號: matched with the agency's records, notified by mail."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.forms import RegistrationForm
from portal.accounts.models import ActivationLink, User
from portal.core import categories
from portal.editorial.seed import seed as seed_guidance
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant, LookupLog
from portal.records.protocol import RecordsUnavailable
from tests import people
from tests.captcha.solving import key_in, solved

from .steps import CHEN, REGISTER, REGISTERED, TODO, WANG, last_link, log_in, register, submit, text

UNKNOWN = "查無此學生資料"
OTHER = CHEN | {"chinese_name": "李小華", "ui_no": "F890123452", "travel_document_no": "T30000003", "username": "xiaohua"}


@pytest.fixture
def other_person(db: None) -> Applicant:
    """李小華, who has no account."""
    return people.applicant(ui_no=OTHER["ui_no"], chinese_name="李小華", travel_document_no="T30000003", student_no="B115000003")


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_figure_6_the_form_asks_for_what_the_manual_names(client: Client, db: None) -> None:
    seed_guidance()
    page = text(client.get(REGISTER))
    form = client.get(REGISTER).context["form"]
    assert [str(field.label) for field in form] == [
        "帳號",
        "密碼",
        "再次輸入密碼",
        "中文姓名",
        "出生日期（西元）",
        "統一證號",
        "入出境許可證號",
        "大陸居民往來台灣通行證號",
        "就讀學校",
        "Email 信箱",
        "手機",
        "驗證碼",
    ]
    assert {name for name, field in form.fields.items() if not field.required} == {"ui_no", "permit_no"}
    assert "欄位註記 * 為必填欄位。" in page
    assert '<button class="button">註冊</button>' in page


@pytest.mark.parametrize(
    ("address", "said"),
    [(REGISTER, "個人資料之類別"), (f"/en{REGISTER}", "Categories of personal data"), (f"/zh-hans{REGISTER}", "个人资料之类别")],
)
def test_what_the_law_asks_for_is_said_before_data_are_collected(client: Client, seeded: None, address: str, said: str) -> None:
    """個人資料保護法 §8: where data are collected first, not only where they are sent."""
    page = text(client.get(address))
    assert page.index(said) < page.index('name="chinese_name"')


def test_a_category_that_is_not_open_has_no_form(db: None) -> None:
    with pytest.raises(ValueError, match="registration for hk-macau-student is not open"):
        RegistrationForm(category=categories.get("hk-macau-student"))


def test_the_form_helps_password_managers_and_phones(client: Client, db: None) -> None:
    page = text(client.get(REGISTER))
    for name, hint in {
        "username": "username",
        "password": "new-password",
        "password_again": "new-password",
        "chinese_name": "name",
        "birth_date": "bday",
        "email": "email",
        "mobile": "tel",
    }.items():
        assert f'autocomplete="{hint}"' in page.split(f'name="{name}"')[1].split(">")[0], name


def test_figure_8_a_match_makes_a_closed_account_one_link_and_one_email(client: Client, wang: Applicant) -> None:
    response = register(client)
    assert (response.status_code, response["Location"]) == (302, REGISTERED)
    assert "註冊成功，請至信箱收取認證信" in text(client.get(REGISTERED))

    user = User.objects.get()
    assert (user.username, user.category, user.is_active, user.activated_at) == ("xiaoming", "china-student", False, None)
    assert (user.ui_no, user.chinese_name, user.birth_date) == ("A890000002", "王小明", dt.date(2004, 5, 6))
    assert (user.email, user.mobile) == ("xiaoming@example.test", "0912345678")
    assert user.check_password(people.PASSWORD)

    link, email = ActivationLink.objects.get(), OutgoingMail.objects.get()
    assert (link.user, link.expires_at - link.created_at) == (user, dt.timedelta(hours=24))
    assert (email.kind, email.to) == ("activation", "xiaoming@example.test")
    assert email.cause == f"activation:{link.pk}:{link.created_at:%Y%m%d%H%M%S}"


def test_figure_9_the_email(client: Client, wang: Applicant) -> None:
    register(client)
    email = OutgoingMail.objects.get()
    assert email.subject == "學生線上申辦系統：會員信箱認證通知信函"
    assert "您在學生線上申辦系統註冊了帳號 xiaoming。" in email.body
    assert "(02) 2796-7162" in email.body
    assert "http://localhost:8000/china-student/individual/activate/" in email.body
    assert client.get(last_link()).status_code == 200


def test_the_link_is_kept_as_a_hash_only(client: Client, wang: Applicant) -> None:
    register(client)
    assert last_link().split("/")[-2] != ActivationLink.objects.get().token_hash


@pytest.mark.parametrize(
    "changes",
    [
        {"chinese_name": "王大明"},
        {"birth_date": "20040507"},
        {"ui_no": "A990000013"},
        {"ui_no": "", "permit_no": "115000000027"},
        {"travel_document_no": "L10000002"},
        {"school": "0001"},
    ],
)
def test_figure_7_any_difference_is_answered_with_the_same_words(
    client: Client, wang: Applicant, changes: dict[str, str]
) -> None:
    response = register(client, **changes)
    assert response.status_code == 200
    assert errors(response) == {"__all__": [UNKNOWN]}
    assert UNKNOWN in text(response)
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_figure_7_says_what_to_compare_and_whom_to_call(client: Client, wang: Applicant) -> None:
    page = text(register(client, chinese_name="王大明"))
    assert "請核對中文姓名、出生日期、證號與就讀學校是否與許可證及學校資料相同" in page
    assert "(02) 2796-7162" in page


class SilentSource:
    """Records that do not answer."""

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> None:
        raise RecordsUnavailable


def test_records_that_do_not_answer_are_said_and_what_was_typed_stays(client: Client, wang: Applicant, settings: Any) -> None:
    settings.RECORDS_SOURCE = f"{__name__}.SilentSource"
    response = register(client)
    assert errors(response) == {"__all__": ["目前無法查詢署內資料，請稍後再試"]}
    assert 'value="王小明"' in text(response)
    assert "請核對中文姓名" not in text(response)
    assert not User.objects.exists()


def test_after_a_refusal_what_was_typed_is_still_there_passwords_aside(client: Client, wang: Applicant) -> None:
    page = text(register(client, chinese_name="王大明"))
    assert "<title>錯誤：註冊帳號" in page
    for value in ("xiaoming", "王大明", "20040506", "A890000002", "L10000001", "xiaoming@example.test", "0912345678"):
        assert f'value="{value}"' in page
    assert '<option value="0003" selected ' in page
    assert people.PASSWORD not in page


@pytest.mark.parametrize("permit_no", [people.SINGLE_PERMIT_NO, "115100000023", "1172-0000-0012"])
def test_the_number_of_any_of_ones_permits_does_as_well(client: Client, wang: Applicant, permit_no: str) -> None:
    first = people.multiple_permit(wang, until=dt.date(2028, 11, 23), previous_permit_no=people.SINGLE_PERMIT_NO)
    people.multiple_permit(wang, "117200000012", until=dt.date(2030, 11, 23), previous_permit_no=first.permit_no)
    register(client, ui_no="", permit_no=permit_no)
    assert User.objects.get().ui_no == "A890000002"


def test_one_of_the_two_numbers_is_needed(client: Client, wang: Applicant) -> None:
    assert errors(register(client, ui_no="")) == {"ui_no": ["請輸入統一證號或入出境許可證號"]}


def test_codes_are_taken_full_width_in_lower_case_and_with_blanks(client: Client, wang: Applicant) -> None:
    response = register(
        client,
        username="ＸiaoMing",
        chinese_name=" 王小明 ",
        birth_date="２００４／５／６",
        ui_no="ａ８９ 0000-002",
        travel_document_no="l 1000 0001",
        mobile="０９１２-345-678",
    )
    assert response["Location"] == REGISTERED
    user = User.objects.get()
    assert (user.username, user.mobile) == ("xiaoming", "0912345678")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("username", "", "請輸入帳號"),
        ("username", "abc", "帳號請使用 4 至 30 個英文字母、數字或 . _ -"),
        ("username", "王小明王小明", "帳號請使用 4 至 30 個英文字母、數字或 . _ -"),
        ("username", "a" * 31, "帳號請使用 4 至 30 個英文字母、數字或 . _ -"),
        ("password", "", "請輸入密碼"),
        ("password_again", "something else 1", "兩次輸入的密碼不相同"),
        ("chinese_name", "", "請輸入中文姓名"),
        ("birth_date", "", "請輸入出生日期（西元）"),
        ("birth_date", "93/5/6", "請以西元年填寫：民國 93 年是西元 2004 年，請改填 2004/5/6"),
        ("birth_date", "2004/2/30", "沒有 2004/2/30 這一天，請再核對一次"),
        ("birth_date", "00000000", "日期格式不正確，請輸入西元年月日，例如 20040506 或 2004/5/6"),
        ("birth_date", "2064/5/6", "出生日期不可晚於今天"),
        ("chinese_name", "WANG XIAOMING", "中文姓名請以正體中文填寫"),
        ("chinese_name", "王晓明", "請以正體中文填寫：「晓」是簡體字。正體可能是「王曉明」，請核對後改填"),
        ("ui_no", "A890000003", "統一證號不正確，請輸入大陸地區人民入出境許可證上的統一證號"),
        ("ui_no", "A800000014", "統一證號不正確，請輸入大陸地區人民入出境許可證上的統一證號"),  # a foreigner's
        ("permit_no", "12345", "入出境許可證號不正確，請輸入 12 碼數字"),
        ("travel_document_no", "C10000001", "大陸居民往來台灣通行證號不正確，請輸入 L 或 T 加 8 位數字"),
        ("school", "", "請選擇就讀學校"),
        ("email", "", "請輸入 Email 信箱"),
        ("mobile", "12345", "手機號碼格式不正確，例如 0912345678 或 +8613812345678"),
    ],
)
def test_a_wrong_field_is_said_at_the_field_and_the_records_are_not_asked(
    client: Client, wang: Applicant, field: str, typed: str, message: str
) -> None:
    response = register(client, **{field: typed})
    assert errors(response) == {field: [message]}
    assert not LookupLog.objects.exists()


@pytest.mark.parametrize("typed", ["2004/5/6", "2004-05-06", "2004.5.6", "2004年5月6日", "20040506", " 2004 / 05 / 06 "])
def test_dates_as_people_write_them(client: Client, wang: Applicant, typed: str) -> None:
    assert register(client, birth_date=typed)["Location"] == REGISTERED


@pytest.mark.parametrize("typed", ["0912345678", "+886912345678", "13812345678", "8613812345678", "+86 138-1234-5678"])
def test_mobiles_of_taiwan_and_elsewhere(client: Client, wang: Applicant, typed: str) -> None:
    assert register(client, mobile=typed)["Location"] == REGISTERED


@pytest.mark.parametrize("password", ["password", "abc", "xiaoming1"])
def test_weak_passwords_are_refused(client: Client, wang: Applicant, password: str) -> None:
    assert list(errors(register(client, password=password, password_again=password))) == ["password"]


def test_nothing_typed_and_nul_bytes_are_answered_with_the_form(client: Client, db: None) -> None:
    assert client.post(REGISTER, {}).status_code == 200
    assert client.post(REGISTER, dict.fromkeys([*WANG, "captcha_0", "captcha_1"], "a\0b")).status_code == 200


def test_a_wrong_captcha_keeps_what_was_typed_and_shows_a_new_picture(client: Client, wang: Applicant) -> None:
    before = key_in(text(client.get(REGISTER)))
    response = client.post(REGISTER, WANG | {"captcha_0": before, "captcha_1": "wrong"})
    assert errors(response) == {"captcha": ["驗證碼錯誤，請輸入新圖片中的驗證碼"]}
    assert 'value="王小明"' in text(response)
    assert key_in(text(response)) != before
    assert not LookupLog.objects.exists()


def test_another_picture_keeps_what_was_typed_and_complains_of_nothing(client: Client, wang: Applicant) -> None:
    before = key_in(text(client.get(REGISTER)))
    response = client.post(REGISTER, {"username": "xiaoming", "school": "0003", "refresh": "1", "captcha_0": before})
    page = text(response)
    assert 'value="xiaoming"' in page
    assert '<option value="0003" selected ' in page
    assert "錯誤" not in page
    assert key_in(page) != before


def test_a_username_that_is_taken_is_said_to_a_person_whose_data_match(client: Client, owner: User, chen: Applicant) -> None:
    response = submit(client, REGISTER, CHEN | {"username": "XiaoMing"})
    assert errors(response) == {"username": ["此帳號已有人使用，請改用其他帳號"]}
    assert User.objects.count() == 1


def test_a_username_that_is_taken_is_not_said_to_anybody_else(client: Client, owner: User, chen: Applicant) -> None:
    assert errors(submit(client, REGISTER, CHEN | {"chinese_name": "陳美"})) == {"__all__": [UNKNOWN]}


def test_who_has_an_account_gets_the_same_answer_and_a_email_to_the_registered_address(client: Client, owner: User) -> None:
    response = register(client, username="another", email="thief@example.test")
    assert (response.status_code, response["Location"]) == (302, REGISTERED)
    assert list(User.objects.values_list("username", "email")) == [("xiaoming", "xiaoming@example.test")]
    email = OutgoingMail.objects.get()
    assert (email.kind, email.to, email.subject) == (
        "already_registered",
        "xiaoming@example.test",
        "學生線上申辦系統：您已有帳號",
    )
    assert "您已有帳號 xiaoming" in email.body
    assert "http://localhost:8000/china-student/individual/login/" in email.body


def test_a_taken_username_is_said_alike_to_who_has_an_account_and_who_has_none(
    owner: User, chen: Applicant, other_person: Applicant
) -> None:
    """Else it would tell whether the person has one."""
    people.student(chen, "meiling")
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        had = submit(Client(), REGISTER, CHEN | {"username": "xiaoming"})
        had_not = submit(Client(), REGISTER, OTHER | {"username": "xiaoming"})
    for response in (had, had_not):
        assert errors(response) == {"username": ["此帳號已有人使用，請改用其他帳號"]}
    assert had.status_code == had_not.status_code
    assert dict(had.headers) == dict(had_not.headers)
    assert User.objects.count() == 2


def test_who_has_an_account_may_type_its_own_name(client: Client, owner: User) -> None:
    assert register(client)["Location"] == REGISTERED


def test_registering_does_the_same_work_with_and_without_an_account(owner: User, chen: Applicant) -> None:
    """The same statements in the same order but for one word: a row is written, or written as it was."""
    queries = []
    for data in (WANG | {"username": "another"}, CHEN):
        client = Client()  # nobody's session is there before
        picture = solved(text(client.get(REGISTER)))
        with CaptureQueriesContext(connection) as asked:
            assert client.post(REGISTER, data | picture)["Location"] == REGISTERED
        queries.append([query["sql"].split()[0] for query in asked.captured_queries])
    had, had_not = queries
    assert [(one, other) for one, other in zip(had, had_not, strict=True) if one != other] == [("UPDATE", "INSERT")]


def test_an_account_stays_as_it_was(client: Client, owner: User) -> None:
    before = User.objects.values().get()
    passwords = dict.fromkeys(["password", "password_again"], "another passphrase 7")
    answer = register(client, username="another", email="thief@example.test", mobile="0987654321", **passwords)
    assert answer["Location"] == REGISTERED
    assert User.objects.values().get() == before


def test_who_has_an_account_gets_one_such_email_an_hour(client: Client, owner: User) -> None:
    register(client)
    register(client)
    assert OutgoingMail.objects.count() == 1


def test_the_answers_for_a_person_with_and_without_an_account_are_equal(client: Client, owner: User, chen: Applicant) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        had, had_not = register(client), submit(Client(), REGISTER, CHEN)
    assert (had.status_code, had.content, dict(had.headers)) == (had_not.status_code, had_not.content, dict(had_not.headers))


def test_who_never_activated_starts_again_with_what_is_typed_now(client: Client, wang: Applicant) -> None:
    register(client, email="mistyped@example.test")
    first = last_link()
    assert register(client, username="newname", email="right@example.test")["Location"] == REGISTERED
    user = User.objects.get()
    assert (user.username, user.email, user.is_active) == ("newname", "right@example.test", False)
    assert "較新的認證信取代" in text(client.get(first))
    client.post(last_link())
    assert log_in(client, "newname")["Location"] == TODO


def test_a_closed_account_is_not_reopened_by_registering(client: Client, owner: User) -> None:
    User.objects.update(is_active=False, activated_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    register(client)
    assert not User.objects.get().is_active
    assert OutgoingMail.objects.get().kind == "already_registered"


def test_the_sixth_wrong_try_says_until_when_to_wait(client: Client, wang: Applicant) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC), tick=False):
        for _try in range(5):
            assert errors(register(client, chinese_name="王大明")) == {"__all__": [UNKNOWN]}
        said = "查詢次數過多，請稍後再試。請於 2026/11/23 13:00 以後再試。"
        assert errors(register(client)) == {"__all__": [said]}
        assert register(Client(REMOTE_ADDR="192.0.2.9"))["Location"] == REGISTERED


def test_one_picture_serves_one_registration(client: Client, wang: Applicant, chen: Applicant) -> None:
    picture = solved(text(client.get(REGISTER)))
    assert client.post(REGISTER, WANG | picture).status_code == 302
    assert errors(client.post(REGISTER, CHEN | picture)) == {"captcha": ["驗證碼已逾時，請輸入新圖片中的驗證碼"]}
    assert not CaptchaStore.objects.filter(hashkey=picture["captcha_0"]).exists()


def test_nothing_personal_is_logged(client: Client, wang: Applicant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    register(client)
    client.post(last_link())
    written = [record.getMessage() for record in caplog.records if record.name == "portal.accounts.operations"]
    pk = User.objects.get().pk
    assert written == [f"account {pk} registered", f"account {pk} activated"]
