"""A draft answers to its owner only; a foreign one and a missing one look the same."""

import uuid

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.forms.models import Draft, DraftUpload
from portal.records.models import Permit

from .answers import START, chosen, fill_in

LOGIN = "/china-student/individual/login/"


@pytest.fixture
def addresses(owner_client: Client, single_permit: Permit, today: None) -> list[str]:
    """Every address of 王小明's draft."""
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="form")
    owner_client.post(f"{draft}form/", {"go": "save", **chosen("photo")})
    preview = f"{draft}files/{DraftUpload.objects.get().uid}/"
    return [*(f"{draft}{step}/" for step in ("declaration", "permit", "form", "check", "sent")), preview]


def test_stranger_is_refused(stranger_client: Client, addresses: list[str]) -> None:
    assert {stranger_client.get(address).status_code for address in addresses} == {404}
    assert {stranger_client.post(address).status_code for address in addresses[:4]} == {404}
    token = Draft.objects.get().token
    missing = [stranger_client.get(address.replace(token, "x" * 32)) for address in addresses]
    assert {response.status_code for response in missing} == {404}


def test_stranger_cannot_reach_the_file_through_their_own_draft(stranger_client: Client, addresses: list[str]) -> None:
    theirs = Draft.objects.get()
    stranger_client.get(START)
    own = Draft.objects.exclude(pk=theirs.pk).get()
    assert stranger_client.get(addresses[-1].replace(theirs.token, own.token)).status_code == 404
    own_form = f"{START}{own.token}/form/"
    stranger_client.post(own_form, {"remove": str(DraftUpload.objects.get().uid)})
    assert DraftUpload.objects.count() == 1


def test_nobody_is_sent_to_log_in(client: Client, addresses: list[str]) -> None:
    for address in [START, *addresses]:
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(f"{LOGIN}?next=")


def test_an_officer_is_no_student(officer_client: Client, addresses: list[str]) -> None:
    for address in [START, *addresses]:
        assert officer_client.get(address).headers["Location"].startswith(LOGIN)


def test_a_missing_file_is_not_found(owner_client: Client, addresses: list[str]) -> None:
    uid = str(DraftUpload.objects.get().uid)
    assert owner_client.get(addresses[-1].replace(uid, str(uuid.uuid4()))).status_code == 404
    upload = DraftUpload.objects.get()
    upload.file.storage.delete(upload.file.name)
    assert owner_client.get(addresses[-1]).status_code == 404


def test_pages_are_never_cached(owner_client: Client, addresses: list[str]) -> None:
    for address in addresses[:3]:
        assert "no-store" in owner_client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("drafts", [1, 3])
def test_query_counts(
    owner: User, owner_client: Client, addresses: list[str], django_assert_max_num_queries: object, drafts: int
) -> None:
    for _ in range(drafts - 1):
        Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", data={"step": "permit"})
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert owner_client.get(START).status_code == 200
    for address, expected in zip(addresses[:3], (10, 9, 11), strict=True):
        with django_assert_max_num_queries(expected):  # type: ignore[operator]
            assert owner_client.get(address).status_code == 200
