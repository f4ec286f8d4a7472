"""基本資料維護 (圖66-68), and a new Email."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from portal.accounts.models import EmailChange, LinkState, User
from portal.accounts.queries import hash_of
from portal.mail.models import OutgoingMail
from portal.records.models import Applicant, School
from portal.records.protocol import RecordsUnavailable
from tests import people
from tests.conftest import logged_in

from .steps import HOME, LOGIN, log_in, text
from .test_races import at_once

PAGE = f"{HOME}/account/profile/"
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
OLD, NEW = "xiaoming@example.test", "new@example.test"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def typed(**changes: str) -> dict[str, str]:
    return {"email": OLD, "mobile": "0912345678", "language": "zh-hant", "current_password": "", **changes}


def changed_email(**changes: str) -> dict[str, str]:
    return typed(email=NEW, current_password=people.PASSWORD, **changes)


def link() -> str:
    """The path of the link in the newest email to a new address."""
    email = OutgoingMail.objects.filter(kind="email_confirm").latest("pk")
    return next(line for line in email.body.splitlines() if "/account/email/" in line).removeprefix("http://localhost:8000")


@pytest.mark.parametrize(("language", "prefix"), [("en", "/en"), ("zh-hans", "/zh-hans"), ("zh-hant", "")])
def test_the_link_of_a_new_email_is_in_the_language_chosen_with_it(
    owner_client: Client, clock: time_machine.Traveller, language: str, prefix: str
) -> None:
    """The page, and what was saved so far, may have another."""
    owner_client.post(f"/en{PAGE}" if language != "en" else PAGE, changed_email(language=language))
    assert link().startswith(f"{prefix}{HOME}/account/email/")


class DeadSource:
    """An agency whose records cannot be reached."""

    def find_applicant(self, **numbers: str) -> None:
        raise RecordsUnavailable


def test_figures_66_and_67_the_page(owner_client: Client) -> None:
    page = text(owner_client.get(PAGE))
    assert f'<a href="{PAGE}" aria-current="page">基本資料維護</a>' in page
    assert "<h1>基本資料維護</h1>" in page
    form = owner_client.get(PAGE).context["form"]
    assert [(str(field.label), field.field.required) for field in form] == [
        ("Email 信箱", True),
        ("目前密碼", False),
        ("手機", True),
        ("偏好語言", True),
    ]
    assert "有「*」符號的欄位必須填寫。" in page
    assert '<button class="button">儲存</button>' in page


@pytest.mark.parametrize(
    ("prefix", "name"), [("", "國立臺灣大學"), ("/en", "National Taiwan University"), ("/zh-hans", "国立台湾大学")]
)
def test_the_school_is_called_as_the_reader_calls_it(owner: User, owner_client: Client, prefix: str, name: str) -> None:
    School.objects.filter(name="國立臺灣大學").update(name_en="National Taiwan University", name_zh_hans="国立台湾大学")
    assert f">{name}</dd>" in text(owner_client.get(f"{prefix}{PAGE}"))


def test_who_one_is_comes_from_the_records_and_is_not_edited_here(owner: User, owner_client: Client) -> None:
    page = text(owner_client.get(PAGE))
    assert "以下資料來自移民署的紀錄，不能在這裡修改。" in page
    for shown in ("王小明", "2004/05/06", "A890000002", "L10000001", "國立臺灣大學", "xiaoming"):
        assert f">{shown}</dd>" in page
    way = f'請申請：<a href="{HOME}/apply/data-change/">陸生資料異動申請</a></p>'
    assert f"許可證上的姓名、證件或學籍資料已變更時，{way}" in page
    owner_client.post(PAGE, typed(chinese_name="別人", ui_no="A800000014", username="other", birth_date="2000-01-01"))
    owner.refresh_from_db()
    assert (owner.chinese_name, owner.ui_no, owner.username) == ("王小明", "A890000002", "xiaoming")
    assert owner.birth_date == dt.date(2004, 5, 6)


def test_the_page_is_there_when_the_records_are_not(owner_client: Client, settings: Settings) -> None:
    settings.RECORDS_SOURCE = f"{__name__}.DeadSource"
    assert "目前無法取得，請稍後再試。" in text(owner_client.get(PAGE))


def test_figure_68_saved(owner: User, owner_client: Client) -> None:
    response = owner_client.post(PAGE, typed(mobile="+86 138-1234-5678"))
    assert (response.status_code, response["Location"]) == (302, PAGE)
    page = text(owner_client.get(PAGE))
    assert "儲存成功" in page
    assert 'value="+8613812345678"' in page
    owner.refresh_from_db()
    assert (owner.mobile, owner.email) == ("+8613812345678", OLD)
    assert not OutgoingMail.objects.exists()


def test_the_language_that_is_chosen_is_that_of_the_page_and_the_emails(owner: User, owner_client: Client) -> None:
    response = owner_client.post(PAGE, changed_email(language="en"))
    assert response["Location"] == f"/en{PAGE}"
    assert '<html lang="en">' in text(owner_client.get(response["Location"]))
    owner.refresh_from_db()
    assert owner.language == "en"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"email": ""}, "email", "請輸入 Email 信箱"),
        ({"email": "new@"}, "email", "Email 信箱格式不正確，例如 name@example.com；@ 前後請勿有空格或中文"),
        ({"mobile": ""}, "mobile", "請輸入手機"),
        ({"mobile": "123"}, "mobile", "手機號碼格式不正確，例如 0912345678 或 +8613812345678"),
        ({"language": ""}, "language", "請選擇偏好語言"),
        ({"email": NEW}, "current_password", "變更 Email 信箱，請輸入目前密碼"),
        ({"email": NEW, "current_password": "wrong"}, "current_password", "目前密碼不正確。連續錯誤 5 次會自動登出"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    owner: User, owner_client: Client, changes: dict[str, str], field: str, said: str
) -> None:
    response = owner_client.post(PAGE, typed(mobile="0987654321") | changes)
    assert (response.status_code, response.context["form"].errors) == (200, {field: [said]})
    page = text(response)
    assert "<title>錯誤：基本資料維護" in page
    for name in ("email", "mobile"):
        assert f'value="{changes[name]}"' in page if changes.get(name) else True
    assert 'value="wrong"' not in page
    owner.refresh_from_db()
    assert (owner.mobile, owner.email) == ("0912345678", OLD)
    assert not EmailChange.objects.exists()


def test_wrong_passwords_are_counted_here_too(owner_client: Client) -> None:
    for _try in range(4):
        assert owner_client.post(PAGE, changed_email() | {"current_password": "wrong"}).status_code == 200
    assert owner_client.post(PAGE, changed_email() | {"current_password": "wrong"})["Location"] == LOGIN
    assert not EmailChange.objects.exists()


# A new Email


def test_until_it_is_confirmed_the_old_email_stays_in_use(
    owner: User, owner_client: Client, clock: time_machine.Traveller
) -> None:
    page = text(owner_client.post(PAGE, changed_email(), follow=True))
    owner.refresh_from_db()
    assert owner.email == OLD
    assert "儲存成功" in page
    assert "確認信已寄到新的 Email 信箱，請於 24 小時內收信並按下信中的連結確認。" in page
    assert "待確認的 Email 信箱" in page
    assert f"<strong>{NEW}</strong>" in page
    assert f'value="{OLD}"' in page


def test_both_addresses_are_notified(owner_client: Client, clock: time_machine.Traveller) -> None:
    owner_client.post(PAGE, changed_email())
    emails = {email.to: email for email in OutgoingMail.objects.all()}
    assert {to: email.subject for to, email in emails.items()} == {
        NEW: "學生線上申辦系統：請確認 Email 信箱",
        OLD: "學生線上申辦系統：有人申請變更您的 Email 信箱",
    }
    assert "至 2026/11/24 12:00 為止，只能使用一次。" in emails[NEW].body
    assert link() not in emails[OLD].body
    assert NEW not in emails[OLD].body
    token = link().rstrip("/").rpartition("/")[2]
    assert token not in EmailChange.objects.get().token_hash


def test_opening_the_link_changes_nothing_and_the_button_does_without_log_in(
    owner: User, owner_client: Client, client: Client
) -> None:
    owner_client.post(PAGE, changed_email())
    assert '<button class="button">確認</button>' in text(client.get(link()))
    owner.refresh_from_db()
    assert owner.email == OLD
    response = client.post(link())
    assert response["Location"] == LOGIN
    assert "Email 信箱變更成功" in text(client.get(LOGIN))
    owner.refresh_from_db()
    assert owner.email == NEW
    notified = OutgoingMail.objects.get(kind="email_changed")
    assert (notified.to, notified.subject) == (OLD, "學生線上申辦系統：Email 信箱已變更")
    assert "待確認" not in text(owner_client.get(PAGE))


def test_who_is_logged_in_comes_back_to_their_data(owner: User, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    assert owner_client.post(link())["Location"] == PAGE


def test_a_used_link_says_so(client: Client, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    client.post(link())
    for response in (client.get(link()), client.post(link())):
        assert response.status_code == 410
        assert "此確認連結已使用過，Email 信箱已經變更。" in text(response)
    assert OutgoingMail.objects.filter(kind="email_changed").count() == 1


def test_a_link_lasts_24_hours(owner: User, client: Client, clock: time_machine.Traveller) -> None:
    log_in(client)
    client.post(PAGE, changed_email())
    clock.shift(dt.timedelta(hours=24) - dt.timedelta(seconds=1))
    assert client.get(link()).status_code == 200
    clock.shift(dt.timedelta(seconds=1))
    for response in (client.get(link()), client.post(link())):
        assert response.status_code == 410
        assert "此確認連結已逾期。確認連結的有效時間為 24 小時。" in text(response)
    owner.refresh_from_db()
    assert owner.email == OLD


def test_a_newer_address_takes_the_place_of_the_waiting_one(owner: User, client: Client, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    first = link()
    owner_client.post(PAGE, changed_email() | {"email": "newer@example.test"})
    assert client.post(first).status_code == 410
    assert "此次變更已取消，或已由較新的確認信取代。" in text(client.get(first))
    client.post(link())
    owner.refresh_from_db()
    assert owner.email == "newer@example.test"


def test_it_can_be_taken_back(owner: User, client: Client, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    page = text(owner_client.post(PAGE, {"cancel_email": "1"}, follow=True))
    assert "已取消變更 Email 信箱，仍使用原來的信箱" in page
    assert "待確認" not in page
    assert client.post(link()).status_code == 410
    owner.refresh_from_db()
    assert owner.email == OLD


def test_saving_something_else_leaves_the_waiting_one(client: Client, owner: User, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    owner_client.post(PAGE, typed(mobile="0987654321"))
    client.post(link())
    owner.refresh_from_db()
    assert (owner.email, owner.mobile) == (NEW, "0987654321")


@pytest.mark.parametrize("token", ["x", "no-such-token"])
def test_an_unknown_link_says_so(client: Client, db: None, token: str) -> None:
    for response in (client.get(f"{HOME}/account/email/{token}/"), client.post(f"{HOME}/account/email/{token}/")):
        assert response.status_code == 404
        assert "此確認連結不正確，請確認已複製信中完整的網址。" in text(response)


def test_the_link_of_another_category_is_unknown(owner_client: Client, other_category: str, client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    elsewhere = link().replace(people.CATEGORY, other_category)
    assert [client.get(elsewhere).status_code, client.post(elsewhere).status_code] == [404, 404]


def test_a_mailbox_is_not_flooded(owner: User, client: Client, clock: time_machine.Traveller) -> None:
    log_in(client)
    for number in range(5):
        assert client.post(PAGE, changed_email() | {"email": f"a{number}@example.test"}).status_code == 302
    response = client.post(PAGE, changed_email(mobile="0987654321"))
    assert response.context["form"].errors == {"email": ["變更次數過多，請於 2026/11/23 13:00 以後再試"]}
    owner.refresh_from_db()
    assert owner.mobile == "0912345678"
    clock.shift(dt.timedelta(hours=1))
    log_in(client)
    assert client.post(PAGE, changed_email()).status_code == 302


def test_another_student_has_their_own_page(wang: Applicant, owner: User, stranger: User) -> None:
    logged_in(stranger).post(PAGE, typed(email="meiling@example.test", mobile="0911111111"))
    owner.refresh_from_db()
    assert owner.mobile == "0912345678"


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_followed_twice_at_once_is_good_once(owner: User, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    path = link()
    answers = at_once(*[lambda: Client().post(path).status_code] * 4)
    assert sorted(answers) == [302, 410, 410, 410]
    assert OutgoingMail.objects.filter(kind="email_changed").count() == 1
    owner.refresh_from_db()
    assert owner.email == NEW


@pytest.mark.django_db(transaction=True)
def test_control_looking_before_writing_would_find_it_good_four_times(owner: User, owner_client: Client) -> None:
    owner_client.post(PAGE, changed_email())
    token = link().rstrip("/").rpartition("/")[2]
    all_have_looked = threading.Barrier(4)

    def follow() -> LinkState:
        change = EmailChange.objects.get(token_hash=hash_of(token))
        state = change.state(timezone.now())
        all_have_looked.wait(10)
        EmailChange.objects.filter(pk=change.pk).update(used_at=timezone.now())
        return state

    assert at_once(*[follow] * 4) == [LinkState.VALID] * 4
