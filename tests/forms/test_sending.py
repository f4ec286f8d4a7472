"""One draft, one case: however often and however fast 送出 is pressed."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from portal.accounts.models import User
from portal.cases import queries, slots
from portal.cases.models import Case
from portal.cases.operations import NotAllowed
from portal.core.models import Serial
from portal.forms import operations
from portal.forms.models import Draft, DraftUpload
from portal.forms.queries import open_drafts
from portal.forms.wizard import ApplicationWizard
from portal.mail.models import OutgoingMail
from portal.records.models import Permit
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import CleanFile
from tests.conftest import logged_in
from tests.factories.cases import NOW, match, multiple_entry

from .answers import REQUIRED_SLOTS, fill_in, paper, photo

TIMES, MANY = 6, 50


def full_draft(owner: User) -> Draft:
    """A draft with every required document."""
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", data={"step": "check"})
    for slot in REQUIRED_SLOTS:
        file = SimpleUploadedFile("a.jpg", photo()) if slot == "photo" else SimpleUploadedFile("a.pdf", paper())
        operations.add_upload(draft, draft.kind.slot(slot), file, now=NOW)
    return draft


def send(draft: Draft) -> Case:
    return operations.send(
        draft,
        match=match(draft.owner),
        answers={"road": "一路", "health_checked": "N"},
        offered=slots.of(draft.kind, NOW.date()),
        declaration_version="1",
        now=NOW,
    )


def at_once(work: Any, times: int = TIMES) -> list[Any]:
    """The results of `work` done by several threads at the same moment."""
    barrier = Barrier(times)

    def one(number: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def tabs(browser: Client, count: int = MANY) -> list[Client]:
    """So many tabs of one browser, log-in and all."""
    found = [Client() for _ in range(count)]
    for tab in found:
        tab.cookies.update(browser.cookies)
    return found


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one_case_one_email_and_one_page(single_permit: Permit, owner: User, today: None) -> None:
    clients = tabs(logged_in(owner))
    draft = fill_in(clients[0], permit_no=single_permit.permit_no, until="check")
    answers = at_once(lambda number: clients[number].post(f"{draft}check/"), MANY)
    assert Counter((response.status_code, response.headers["Location"]) for response in answers) == {(302, f"{draft}sent/"): MANY}
    case = Case.objects.get()
    assert [document.slot for document in case.documents.all()] == list(REQUIRED_SLOTS)
    assert (case.case_no, Serial.objects.get(name="case:115").last) == ("115150000018", 5_000_001)
    assert [(sent.kind, sent.to) for sent in OutgoingMail.objects.all()] == [("case_submitted", owner.email)]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_second_looks_not_everybody_gets_there(
    single_permit: Permit, owner: User, today: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test before it."""
    clients = tabs(logged_in(owner))
    draft = fill_in(clients[0], permit_no=single_permit.permit_no, until="check")
    monkeypatch.setattr(operations, "lock", lambda stale: stale)
    monkeypatch.setattr(queries, "sent_draft", lambda *whose: None)
    monkeypatch.setattr(ApplicationWizard, "sent_already", lambda wizard: None)
    answers = at_once(lambda number: clients[number].post(f"{draft}check/"), MANY)
    assert {response.status_code for response in answers} == {200, 302}
    assert Case.objects.count() == 1  # one open case of a kind is a rule of the database, too


@pytest.mark.django_db(transaction=True)
def test_sending_at_once_gives_everybody_the_same_case(owner: User) -> None:
    draft = full_draft(owner)
    cases = at_once(lambda number: send(Draft.objects.get(pk=draft.pk)).case_no)
    assert set(cases) == {Case.objects.get().case_no}
    assert Case.objects.get().documents.count() == len(REQUIRED_SLOTS)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_some_find_the_files_gone(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock and the second look away: whoever began before the first was done has no files left to send."""
    draft = full_draft(owner)
    monkeypatch.setattr(operations, "lock", lambda stale: stale)
    drafts = [Draft.objects.get(pk=draft.pk) for _ in range(2)]
    send(drafts[0])
    with pytest.raises(NotAllowed):
        send(drafts[1])


def test_a_sent_draft_keeps_nothing_of_what_was_typed(owner: User) -> None:
    draft = full_draft(owner)
    case = send(draft)
    draft.refresh_from_db()
    assert (draft.data, draft.sent_case, draft.uploads.count()) == ({}, case, 0)


def test_a_draft_without_a_required_document_is_not_sent(owner: User) -> None:
    draft = full_draft(owner)
    operations.remove_upload(draft, str(draft.uploads.get(slot="photo").uid))
    with pytest.raises(NotAllowed):
        send(draft)
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_slot_never_takes_more_than_its_number_of_files(owner: User) -> None:
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
    slot = draft.kind.slot("photo")

    def add(number: int) -> FileProblem | None:
        try:
            file = SimpleUploadedFile(f"{number}.jpg", photo((500 + number, 700)))
            operations.add_upload(Draft.objects.get(pk=draft.pk), slot, file, now=NOW)
        except FileRefused as refused:
            return refused.reason
        return None

    found = at_once(add)
    assert (found.count(None), len(found)) == (1, TIMES)
    assert set(found) <= {None, FileProblem.TOO_MANY, FileProblem.BUSY}  # one file a person is decoded at a time
    assert DraftUpload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_files_that_passed_at_the_same_moment_do_not_share_a_place(owner: User) -> None:
    """The turn of the decoder is over by then: only the draft's lock is between them."""
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
    slot = draft.kind.slot("photo")

    def add(number: int) -> FileProblem | None:
        clean = CleanFile(b"\xff\xd8\xff%d" % number, "image/jpeg", ".jpg", "a.jpg")
        try:
            operations.keep(Draft.objects.get(pk=draft.pk), slot, clean)
        except FileRefused as refused:
            return refused.reason
        return None

    assert sorted(at_once(add), key=str) == [None, *[FileProblem.TOO_MANY] * (TIMES - 1)]
    assert DraftUpload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_at_the_same_moment_is_kept_once(owner: User) -> None:
    draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
    slot, clean = draft.kind.slot("health"), CleanFile(b"\xff\xd8\xff", "image/jpeg", ".jpg", "a.jpg")

    def add(number: int) -> str:
        try:
            return operations.keep(Draft.objects.get(pk=draft.pk), slot, clean).original_name
        except operations.KeptAlready as same:
            return f"kept already: {same.kept}"

    assert sorted(at_once(add)) == ["a.jpg", *["kept already: a.jpg"] * (TIMES - 1)]
    assert DraftUpload.objects.count() == 1


BEGUN = {"step": "form", "extra_data": {"prefill": {}}}


def test_open_drafts_are_those_begun_and_not_sent(owner: User, stranger: User) -> None:
    kind = multiple_entry()
    operations.begin(owner, kind)  # untouched
    begun = Draft.objects.create(owner=owner, category=owner.category, kind_code=kind.code, data=BEGUN)
    Draft.objects.create(owner=stranger, category=owner.category, kind_code=kind.code, data=BEGUN)
    # Ticked and refused: nothing was filled in.
    Draft.objects.create(owner=owner, category=owner.category, kind_code=kind.code, data={"step": "permit"})
    assert list(open_drafts(owner)) == [begun]
    assert (begun.kind, begun.step) == (kind, "form")


def test_an_untouched_draft_is_begun_again_not_twice(owner: User, stranger: User) -> None:
    first = operations.begin(owner, multiple_entry())
    assert operations.begin(owner, multiple_entry()) == first
    assert operations.begin(stranger, multiple_entry()) != first


def test_what_was_sent_meanwhile_is_not_written_to(owner_client: Client, owner: User, single_permit: Permit, today: None) -> None:
    draft = fill_in(owner_client, permit_no=single_permit.permit_no, until="check")
    gone_on = owner_client.post(f"{draft}check/")
    assert gone_on.status_code == 302
    row = Draft.objects.get()
    with pytest.raises(FileRefused):
        operations.add_upload(row, row.kind.slot("photo"), SimpleUploadedFile("late.jpg", photo()), now=NOW)
    assert not DraftUpload.objects.exists()
    assert dt.date.fromisoformat(Case.objects.get().answers["entered_on"]) == dt.date(2026, 11, 2)
