"""New records of the agency change nobody's log-in; they are looked at when a permit is."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.accounts.operations import follow_records
from portal.china_student.seed import seed_declaration
from portal.records.models import Applicant, Permit
from portal.records.operations import ImportResult, import_records
from portal.records.protocol import NOT_ONLINE
from tests import people
from tests.forms.answers import fill_in
from tests.forms.test_wizard import refused
from tests.records.agency import applicant_row, permit_row, write

from .steps import LOGIN, TODO, last_link, log_in, register


def brought_in(folder: Path, **person: str) -> None:
    """The agency's newest files: somebody else, and 王小明 as `person` says, if at all."""
    rows = [applicant_row(7)]
    if person:
        rows.append(applicant_row(1, **{"ui_no": "A890000002", "chinese_name": "王小明", **person}))
    import_records(applicants=write(folder / "applicants.csv", *rows), permits=None)


def test_an_import_without_them_lets_them_in(client: Client, owner: User, tmp_path: Path) -> None:
    Permit.objects.all().delete()
    Applicant.objects.all().delete()  # the agency took them out of its records
    brought_in(tmp_path)
    assert not Applicant.objects.filter(ui_no=owner.ui_no).exists()
    assert log_in(client)["Location"] == TODO
    assert client.get(TODO).status_code == 200


def test_an_import_that_changes_them_lets_them_in_and_leaves_the_account_as_it_was(
    client: Client, owner: User, tmp_path: Path
) -> None:
    before = User.objects.values().get()
    brought_in(tmp_path, chinese_name="王大明", birth_date="2003-01-01", travel_document_no="T99999999")
    assert Applicant.objects.get(ui_no=owner.ui_no).chinese_name == "王大明"
    assert User.objects.values().get() == before
    assert log_in(client)["Location"] == TODO


def test_an_account_that_waits_is_opened_by_its_email_whatever_was_imported(
    client: Client, wang: Applicant, tmp_path: Path
) -> None:
    register(client)
    brought_in(tmp_path, chinese_name="王大明")
    assert client.post(last_link())["Location"] == LOGIN
    assert log_in(client)["Location"] == TODO


def test_an_import_opens_no_account(client: Client, db: None, tmp_path: Path) -> None:
    people.applicant(ui_no="A800000005", travel_document_no="L90000009", student_no="x")  # the school is there
    brought_in(tmp_path, birth_date="2004-05-06")
    assert not User.objects.exists()
    assert list(log_in(client).context["form"].non_field_errors()) == ["帳號或密碼錯誤"]


def test_an_approved_correction_is_followed_by_name_and_birth_date_alone(owner: User) -> None:
    before = User.objects.values().get()
    follow_records(owner, {"english_name": "WANG, HSIAO-MING", "degree": "M", "ui_no": "A790000002", "email": "x@example.test"})
    assert User.objects.values().get() == before
    follow_records(owner, {"chinese_name": "王曉明", "birth_date": "2004-05-07", "degree": "M"})
    assert User.objects.values().get() == {**before, "chinese_name": "王曉明", "birth_date": dt.date(2004, 5, 7)}


@pytest.mark.parametrize("until", ["permit", "check"])
def test_a_permit_revoked_in_the_records_is_noticed_at_the_next_check(
    owner_client: Client, single_permit: Permit, tmp_path: Path, until: str
) -> None:
    """At 許可證號碼, and again at 送出 when it was revoked after that step; an older file of permits does not bring it back."""
    seed_declaration()
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until=until)
    row = permit_row(1, permit_no=single_permit.permit_no, ui_no="A890000002")
    for rows in ({**row, "revoked": "1"}, row):
        assert import_records(applicants=None, permits=write(tmp_path / "permits.csv", rows))[1] == ImportResult(known=1)
    html = owner_client.post(f"{draft}{until}/", {"number": single_permit.permit_no}).content.decode()
    assert refused(html) == ["不符合申請條件", "此許可證已經廢止。", str(NOT_ONLINE)]
