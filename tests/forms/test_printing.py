"""What no paper can show is found fault with while it can still be changed: at 下一步 and at 送出."""

import pytest
from django.test import Client

from portal.cases.models import Case
from portal.forms.models import Draft
from portal.records.models import Permit, School

from .answers import ANSWERS, REQUIRED_SLOTS, chosen, fill_in
from .test_wizard import errors, page, typed

pytestmark = pytest.mark.usefixtures("today")
EMOJI = "系所含有無法列印的字元：😀（U+1F600），請改用其他寫法"


@pytest.fixture
def draft(owner_client: Client, single_permit: Permit) -> str:
    """A draft that is at 填寫申請書, with its files."""
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    owner_client.post(f"{draft}form/", {**chosen(*REQUIRED_SLOTS), "go": "save"})
    return draft


def go_on(client: Client, draft: str, **answers: str) -> tuple[str, list[str]]:
    """下一步: where it leads, and what is found fault with there."""
    to = client.post(f"{draft}form/", {**ANSWERS, **answers, "go": "check"}).headers["Location"]
    return to, errors(page(client, to))


def test_the_next_step_names_field_and_characters_and_keeps_what_was_typed(owner_client: Client, draft: str) -> None:
    assert go_on(owner_client, draft, department="資訊😀系") == (f"{draft}form/?errors", [EMOJI])
    assert typed(page(owner_client, f"{draft}form/"), "department") == "資訊😀系"
    assert errors(page(owner_client, f"{draft}form/?errors")) == [EMOJI]
    assert go_on(owner_client, draft, department="資訊系") == (f"{draft}check/", [])


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("chinese_name", "中文姓名"),
        ("former_name", "別名／曾用名"),
        ("student_no", "學號"),
        ("home_address", "大陸（海外）地址"),
        ("emergency_name", "緊急聯絡人姓名"),
        ("party_post", "任職機關、團體及職務"),
    ],
)
def test_every_text_answer_is_tried(owner_client: Client, draft: str, name: str, label: str) -> None:
    """With a Han character that no font of ours has yet."""
    said = f"{label}含有無法列印的字元：\U00030000（U+30000），請改用其他寫法"
    assert go_on(owner_client, draft, **{"party_role": "former", "party_post": "某機關", name: "王\U00030000"}) == (
        f"{draft}form/?errors",
        [said],
    )


def test_what_was_saved_unseen_is_not_sent(owner_client: Client, draft: str) -> None:
    """A draft that was right, and whose words were changed since without being looked at."""
    assert go_on(owner_client, draft) == (f"{draft}check/", [])
    owner_client.post(f"{draft}form/", {**ANSWERS, "department": "資訊😀系", "go": "save"})

    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}form/?errors"

    assert errors(page(owner_client, f"{draft}form/?errors")) == [EMOJI]
    assert not Case.objects.exists()


def test_what_the_records_have_is_tried_when_it_is_sent(owner_client: Client, draft: str) -> None:
    """Between 下一步 and 送出 the school got a name that nobody can print, and that the student cannot change."""
    assert go_on(owner_client, draft) == (f"{draft}check/", [])
    School.objects.update(name="國立\U0010fffd大學")

    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}form/?errors"

    said = "就讀學校（署內資料）含有無法列印的字元：U+10FFFD，請撥打諮詢專線，由本署更正後再送件"
    assert errors(page(owner_client, f"{draft}form/?errors")) == [said]
    assert not Case.objects.exists()


def test_what_nobody_sees_is_left_out(owner_client: Client, draft: str) -> None:
    hidden = {"department": "資訊\u202e系程工\u200b學系", "chinese_name": "王小\u200b明", "road": " 羅斯福路\u2028四段\ufeff"}
    assert go_on(owner_client, draft, **hidden) == (f"{draft}check/", [])
    owner_client.post(f"{draft}check/", {"confirm": "on"})
    answers = Case.objects.get().answers
    assert {name: answers[name] for name in hidden} == {
        "department": "資訊系程工學系",
        "chinese_name": "王小明",
        "road": "羅斯福路 四段",
    }


def test_what_has_nothing_to_see_was_not_answered(owner_client: Client, draft: str) -> None:
    assert go_on(owner_client, draft, department="\u3164\u200b\u2800") == (f"{draft}form/?errors", ["請輸入系所"])
    assert Draft.objects.get().sent_case is None
