"""加附文件 through HTTP: an editor adds a document, and it is on the form at once; the case sent before keeps its own."""

import datetime as dt
import re

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.cases import slots
from portal.cases.models import AddedSlot, Case
from portal.cms.snippets import publish_new
from portal.forms.models import DraftUpload
from portal.records.models import Permit
from tests import people
from tests.editors import address, client_of, slot_form
from tests.factories.cases import multiple_entry, submitted

from .answers import ANSWERS, KIND, REQUIRED_SLOTS, chosen, fill_in

MODEL = "portal_cases_addedslot"
KEY = f"{people.CATEGORY}.{KIND}"
LABEL = "監護人同意書"
MISSING = f"請上傳{LABEL}"
pytestmark = [pytest.mark.usefixtures("today")]


def add(**fields: object) -> AddedSlot:
    """An editor publishes it, with the admin's own form."""
    response = client_of("總編輯").post(address(MODEL, "add"), slot_form(**{"action-publish": "1", **fields}))
    assert response.status_code == 302, response.context["form"].errors
    return AddedSlot.objects.get()


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_slot_is_on_the_form_at_once_and_in_the_case_afterwards(owner_client: Client, owner: User, form: str) -> None:
    assert LABEL not in page(owner_client, form)
    slot = add(label_en="Consent of a guardian", help="正本掃描檔。")
    html = page(owner_client, form)
    assert f'id="slot-added-{slot.pk}"' in html
    assert LABEL in html
    assert "正本掃描檔。" in html
    assert "Consent of a guardian" in page(owner_client, f"/en{form}")
    assert f'<span lang="zh-Hant-TW">{LABEL}</span>' in page(owner_client, f"/zh-hans{form}")
    sent = {**ANSWERS, **chosen(*REQUIRED_SLOTS, f"added-{slot.pk}"), "go": "check"}
    check = form.replace("/form/", "/check/")
    assert owner_client.post(form, sent).headers["Location"] == check
    assert LABEL in page(owner_client, check)
    assert owner_client.post(check).status_code == 302
    case = Case.objects.get(owner=owner)
    assert {str(document.label) for document in case.documents.filter(slot=f"added-{slot.pk}")} == {LABEL}
    slot.delete()
    html = page(owner_client, f"/{people.CATEGORY}/individual/cases/{case.case_no}/")
    assert f"<li>{LABEL}：" in html


def test_the_case_sent_before_keeps_its_own(owner: User, stranger: User) -> None:
    before = submitted(owner)
    slot = add()
    after = submitted(stranger)
    assert f"added-{slot.pk}" not in [each["code"] for each in Case.objects.get(pk=before.pk).slots]
    assert f"added-{slot.pk}" in [each["code"] for each in Case.objects.get(pk=after.pk).slots]


def test_a_required_slot_holds_the_application_back(owner_client: Client, single_permit: Permit) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    add()
    assert owner_client.post(f"{draft}check/").headers["Location"] == f"{draft}form/?errors"
    assert MISSING in page(owner_client, f"{draft}form/?errors")
    assert not Case.objects.exists()


def test_what_is_published_after_the_files_were_checked_is_not_in_the_case(owner: User, single_permit: Permit) -> None:
    """What an editor publishes in the moment between stands in no case without its file."""
    before = slots.of(multiple_entry(), people.TODAY)
    added = add()
    case = submitted(owner, offered=before)
    assert f"added-{added.pk}" not in [each["code"] for each in case.slots]
    assert case.slots == slots.kept(before)


def test_an_optional_slot_does_not(owner_client: Client, single_permit: Permit) -> None:
    slot = add(required="")
    fill_in(owner_client, permit_no=single_permit.permit_no)
    kept = Case.objects.get().slots[-1]
    assert (kept["code"], kept["required"]) == (f"added-{slot.pk}", False)


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": people.TODAY + dt.timedelta(days=1)},
        {"ends_on": people.TODAY - dt.timedelta(days=1)},
        {"kinds": [f"{people.CATEGORY}.extension"]},
    ],
    ids=["not yet", "no more", "another kind"],
)
def test_what_is_not_in_force_is_not_asked_for(owner_client: Client, form: str, fields: dict[str, object]) -> None:
    publish_new(AddedSlot(**{"label": LABEL, "kinds": [KEY], **fields}))
    assert LABEL not in page(owner_client, form)


def test_a_slot_taken_off_while_a_draft_holds_its_file_is_not_sent(owner_client: Client, owner: User, form: str) -> None:
    slot = add()
    sent = {**ANSWERS, **chosen(*REQUIRED_SLOTS, f"added-{slot.pk}"), "go": "check"}
    assert owner_client.post(form, sent).status_code == 302
    slot.unpublish()
    assert owner_client.post(form.replace("/form/", "/check/")).status_code == 302
    assert [each.slot for each in Case.objects.get().documents.all()] == list(REQUIRED_SLOTS)
    assert not DraftUpload.objects.exists()


def test_the_declarations_page_lists_it(owner_client: Client, single_permit: Permit) -> None:
    add(required="")
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="declaration")
    assert f"<li>{LABEL}（選附）</li>" in page(owner_client, f"{draft}declaration/")


# -- the admin's form ---------------------------------------------------------------------------------------------------


def test_an_editor_writes_and_a_chief_editor_publishes(owner_client: Client, form: str) -> None:
    assert client_of("編輯").post(address(MODEL, "add"), slot_form()).status_code == 302
    slot = AddedSlot.objects.get()
    assert LABEL not in page(owner_client, form)
    where = address(MODEL, "edit", slot.pk)
    assert client_of("總編輯").post(where, slot_form(**{"action-publish": "1"})).status_code == 302
    assert LABEL in page(owner_client, form)
    slot.refresh_from_db()
    assert (slot.revisions.count(), slot.kinds) == (2, [KEY])


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"kinds": []}, {"kinds": ["請至少勾選一個申請類別。"]}),
        ({"label": ""}, {"label": ["此欄位必填。"]}),
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, {"ends_on": ["結束日不可早於開始日。"]}),
        ({"max_files": "6"}, {"max_files": ["請確認此數值是否小於或等於 5。"]}),
    ],
    ids=["no kind", "no name", "ends first", "too many files"],
)
def test_the_form_says_what_is_wrong(fields: dict[str, object], errors: dict[str, list[str]]) -> None:
    response = client_of("總編輯").post(address(MODEL, "add"), slot_form(**{"action-publish": "1", **fields}))
    assert response.context["form"].errors == errors
    assert not AddedSlot.objects.exists()


def test_a_name_that_no_paper_can_show_is_refused() -> None:
    response = client_of("總編輯").post(address(MODEL, "add"), slot_form(label="同意書\U0001f600"))
    (said,) = response.context["form"].errors["label"]
    assert said.startswith("文件名稱含有無法列印的字元：")


def test_the_preview_shows_it_in_the_language_of_the_preview() -> None:
    client, where = client_of("編輯"), address(MODEL, "preview_on_add")
    assert client.post(where, slot_form(label_en="Consent of a guardian")).json()["is_valid"]
    assert "<strong>Consent of a guardian</strong>" in client.get(where, {"mode": "en"}).content.decode()
    assert f"<strong>{LABEL}</strong>" in client.get(where, {"mode": "zh-hant"}).content.decode()


def test_the_list_says_for_which_kinds_and_until_when() -> None:
    add(ends_on="2026-12-31")
    html = client_of("編輯").get(address(MODEL, "list")).content.decode()
    assert re.search(rf"{LABEL}.*陸生換發多次證.*2026/12/31", html, re.DOTALL)
