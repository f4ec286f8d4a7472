"""案件撤銷 (圖 55-61)."""

import re
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import WITHDRAWABLE, Action, Status
from portal.mail.models import OutgoingMail
from tests.factories.cases import act, in_status, submitted

pytestmark = pytest.mark.django_db
QUERY = "/china-student/individual/withdraw/"
CONFIRMED = {"agree": "on", "step": "confirmed"}


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode()).partition("<main")[2]


def address(case: Case) -> str:
    return f"{QUERY}{case.case_no}/"


def withdraw(client: Client, case: Case, **changes: Any) -> str:
    """The second question answered with yes: what the page says then."""
    return shown(client.post(address(case), {**CONFIRMED, "version": case.version, **changes}, follow=True))


@pytest.mark.parametrize("name", ["case_no", "group_no"])
def test_either_number_finds_the_case_however_it_is_typed(name: str, owner: User, owner_client: Client) -> None:
    case = submitted(owner)
    number = getattr(case, name)
    for typed in (
        number,
        f" {number[:4]}-{number[4:].lower()} ",
        number.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}),
    ):
        assert owner_client.get(QUERY, {name: typed})["Location"] == address(case)


def test_a_foreign_number_and_a_missing_one_look_the_same(owner: User, stranger: User, owner_client: Client) -> None:
    foreign = submitted(stranger)
    pages = [shown(owner_client.get(QUERY, {"case_no": number})) for number in (foreign.case_no, "115199999996")]
    assert "查無資料" in pages[0]
    assert pages[0].replace(foreign.case_no, "") == pages[1].replace("115199999996", "")
    assert owner_client.get(address(foreign)).status_code == 404
    assert owner_client.post(address(foreign), {**CONFIRMED, "version": 1}).status_code == 404
    assert Case.objects.get().status == Status.SUBMITTED


def test_nothing_asked_is_said_so(owner_client: Client) -> None:
    assert "請輸入「團號」或「收件號」" in shown(owner_client.get(QUERY, {"case_no": " ", "group_no": ""}))


@pytest.mark.parametrize("status", Status)
def test_only_what_is_not_decided_offers_it(status: Status, owner: User, officer: User, owner_client: Client) -> None:
    case = in_status(status, owner, officer)
    html = shown(owner_client.get(address(case)))
    assert "申請人列表" in html
    assert ('href="?declare"' in html) is (status in WITHDRAWABLE)
    assert ("我已閱讀並同意上述事項" in shown(owner_client.get(f"{address(case)}?declare"))) is (status in WITHDRAWABLE)


def test_the_declaration_is_ticked_before_the_second_question(owner: User, owner_client: Client) -> None:
    case = submitted(owner)
    for step in ("declared", "confirmed"):
        html = shown(owner_client.post(address(case), {"step": step, "version": case.version}))
        assert "請勾選「我已閱讀並同意上述事項」" in html
    response = owner_client.post(address(case), {"step": "declared", "version": case.version, "agree": "on"})
    assert (response.status_code, response.headers["Location"]) == (302, f"{address(case)}?confirm={case.version}")
    html = shown(owner_client.get(response.headers["Location"]))
    assert re.search(r"<h1[^>]*>\s*是否撤銷案件\s*</h1>", html)
    assert f"確定要撤銷收件號 {case.case_no} 嗎？" in html
    assert f'name="version" value="{case.version}"' in html
    assert Case.objects.get().status == Status.SUBMITTED


def test_it_is_withdrawn_and_said_so_on_the_page_of_the_case(owner: User, owner_client: Client) -> None:
    case = submitted(owner)
    html = withdraw(owner_client, case)
    assert f"撤銷成功：收件號 {case.case_no} 已撤銷，不再審核。" in html
    assert "案件撤銷–詳細" in html
    assert Case.objects.get().status == Status.WITHDRAWN
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {"case_submitted", "case_withdrawn"}


def test_twice_is_said_so(owner: User, owner_client: Client) -> None:
    case = submitted(owner)
    withdraw(owner_client, case)
    assert "撤銷失敗：案件先前已撤銷。" in withdraw(owner_client, case)


def test_what_was_approved_meanwhile_stays(owner: User, officer: User, owner_client: Client) -> None:
    case = submitted(owner)
    in_review = act(Action.TAKE, case, officer)
    act(Action.APPROVE, in_review, officer)
    assert "撤銷失敗：案件已審核完成，目前為「已核准，請繳費」，不能撤銷。" in withdraw(owner_client, case, version=1)
    assert Case.objects.get().status == Status.AWAITING_PAYMENT


@pytest.mark.parametrize("version", ["1", ""])
def test_what_changed_meanwhile_is_looked_at_first(version: str, owner: User, officer: User, owner_client: Client) -> None:
    case = submitted(owner)
    act(Action.TAKE, case, officer)
    assert "撤銷失敗：案件剛有變動，目前為「審核中」。請確認後再撤銷一次。" in withdraw(owner_client, case, version=version)
    assert Case.objects.get().status == Status.IN_REVIEW


def test_the_pages_ask_at_most_eight_questions(
    owner: User, officer: User, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    in_status(Status.WITHDRAWN, owner, officer)
    case = submitted(owner)
    owner_client.get(QUERY)
    for path in (QUERY, f"{QUERY}?case_no=1", address(case), f"{address(case)}?declare"):
        with django_assert_max_num_queries(8):
            assert owner_client.get(path).status_code == 200
