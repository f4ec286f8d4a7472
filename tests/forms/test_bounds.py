"""How much one student can keep in drafts, and what becomes of drafts and files that nobody goes on with."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import slots
from portal.cases.models import Case
from portal.forms import operations, purging, quotas
from portal.forms.models import Draft, DraftUpload
from portal.forms.tasks import purge
from portal.records.models import Permit
from portal.uploads.file_problems import FileProblem, FileRefused
from tests.factories.cases import NOW, match, multiple_entry

from .answers import photo

START = "/china-student/individual/apply/multiple-entry/"
MB = 1024 * 1024
BEGUN = {"step": "form", "extra_data": {"prefill": {}}}
SECOND = dt.timedelta(seconds=1)


def draft_of(owner: User, **data: Any) -> Draft:
    return Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry", data=data or BEGUN)


class Unread(SimpleUploadedFile):
    """A file of which nothing may be read."""

    def __init__(self, size: int, name: str = "a.pdf") -> None:
        super().__init__(name, b"")
        self.size = size

    def read(self, *args: Any) -> bytes:
        raise AssertionError("read")


def refusal(draft: Draft, size: int, name: str = "a.pdf") -> str:
    with pytest.raises(FileRefused) as refused:
        operations.add_upload(draft, draft.kind.slot("other"), Unread(size, name), now=NOW)
    assert refused.value.reason in (FileProblem.TOO_MANY, FileProblem.TOO_BIG)
    return str(refused.value.message)


def kept(draft: Draft, size: int) -> None:
    DraftUpload.objects.create(draft=draft, slot="health", original_name="a", content_type="image/jpeg", size=size, sha256="")


@pytest.mark.django_db
def test_a_student_begins_so_many_drafts_of_a_kind(owner_client: Client, owner: User) -> None:
    for _ in range(quotas.DRAFTS_MAX):
        draft_of(owner)
    page = owner_client.get(START).content.decode()
    assert "開始新的申請" not in page
    assert page.count("繼續填寫") >= quotas.DRAFTS_MAX
    response = owner_client.post(START)
    assert response.status_code == 429
    assert "您已有 5 份未送出的草稿，請選擇其中一份繼續填寫。草稿自最後填寫日起保留 60 天。" in response.content.decode()
    assert Draft.objects.count() == quotas.DRAFTS_MAX


@pytest.mark.django_db
def test_the_start_page_tells_how_long_a_draft_is_kept(owner_client: Client, owner: User) -> None:
    draft_of(owner)
    page = owner_client.get(START).content.decode()
    assert "草稿自最後填寫日起保留 60 天" in page
    assert "開始新的申請" in page
    assert purging.DRAFT_LIFE.days == 60


def begun_at_once(owner: User, begin: Any) -> int:
    barrier = Barrier(4)

    def one(_number: int) -> bool:
        try:
            barrier.wait(timeout=30)
            draft = begin()
            Draft.objects.filter(pk=draft.pk).update(data=BEGUN)
        except operations.TooManyDrafts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    return Draft.objects.filter(owner=owner).count()


@pytest.mark.django_db(transaction=True)
def test_tabs_at_once_begin_no_more(owner: User) -> None:
    for _ in range(quotas.DRAFTS_MAX - 1):
        draft_of(owner)
    assert begun_at_once(owner, lambda: operations.begin(owner, multiple_entry())) == quotas.DRAFTS_MAX


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_tabs_begin_more(owner: User) -> None:
    for _ in range(quotas.DRAFTS_MAX - 1):
        draft_of(owner)
    looked = Barrier(4)

    def careless() -> Draft:
        has_room = quotas.has_room_for_draft(owner, "multiple-entry")
        looked.wait(timeout=30)
        if not has_room:
            raise operations.TooManyDrafts
        return draft_of(owner)

    assert begun_at_once(owner, careless) == quotas.DRAFTS_MAX + 3


@pytest.mark.django_db
def test_a_draft_holds_so_much(owner: User) -> None:
    draft = draft_of(owner)
    kept(draft, quotas.DRAFT_BYTES - MB)
    assert refusal(draft, MB + 1) == "檔案合計超過上限（每份申請 40 MB，每人 80 MB），請先移除不需要的檔案，或縮小後再上傳"


@pytest.mark.django_db
def test_a_person_holds_so_much_in_all_drafts(owner: User, stranger: User) -> None:
    for _ in range(2):
        kept(draft_of(owner), quotas.DRAFT_BYTES)
    assert "檔案合計超過上限" in refusal(draft_of(owner), 1)
    quotas.check_room(draft_of(stranger), MB)


@pytest.mark.django_db
def test_what_is_cleaned_must_fit_too(owner: User) -> None:
    draft, picture = draft_of(owner), photo()
    kept(draft, quotas.DRAFT_BYTES - 1000)
    file = SimpleUploadedFile("a.jpg", picture)
    file.size = 500  # it said less than it is
    with pytest.raises(FileRefused) as refused:
        operations.add_upload(draft, draft.kind.slot("photo"), file, now=NOW)
    assert "檔案合計超過上限" in str(refused.value.message)
    assert draft.uploads.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "most"), [("a.pdf", 10 * MB), ("a.jpg", 25 * MB), ("a.HEIC", 25 * MB), ("a", 25 * MB)])
def test_a_file_that_is_too_big_is_not_read(owner: User, name: str, most: int) -> None:
    too_big = "檔案太大，圖片不得超過 25 MB，PDF 檔不得超過 10 MB，請縮小後再上傳"
    assert refusal(draft_of(owner), most + 1, name) == too_big


@pytest.mark.django_db
def test_a_large_picture_needs_the_room_of_what_is_kept_of_it(owner: User) -> None:
    draft = draft_of(owner)
    kept(draft, quotas.DRAFT_BYTES - MB)
    quotas.check_upload(draft, Unread(25 * MB, "a.jpg"), now=NOW)
    kept(draft, 1)
    assert "檔案合計超過上限" in refusal(draft, 25 * MB, "a.jpg")


@pytest.mark.django_db
@pytest.mark.parametrize("quota", [quotas.FILES_AN_HOUR, quotas.BYTES_AN_HOUR], ids=lambda quota: quota.name)
def test_an_hour_holds_so_much(owner: User, quota: Any) -> None:
    assert quota.take(str(owner.pk), now=NOW, amount=quota.limit)
    draft = draft_of(owner)
    assert refusal(draft, 1) == "一小時內上傳的檔案過多，已上傳的檔案都還在，請於一小時後再繼續上傳"
    quotas.check_upload(draft, Unread(1), now=NOW + dt.timedelta(hours=1))


@pytest.mark.django_db
def test_a_draft_keeps_no_more_than_a_field_could_hold(owner_client: Client, owner: User, single_permit: Permit) -> None:
    draft = draft_of(
        owner,
        step="form",
        step_data={"declaration": {}},
        step_files={},
        extra_data={"declaration": "china-student-1", "prefill": {}, "permit_no": "1"},
    )
    address = f"{START}{draft.token}/form/"
    data = {"home_address": [*["y"] * 199, "x" * 1_900_000], "go": "check", "unknown": "z" * 1000}
    page = owner_client.post(address, data, follow=True).content.decode()
    assert "請確認這個值至多包含 120 個字" in page
    draft.refresh_from_db()
    values = draft.data["step_data"]["form"]["home_address"]
    assert (len(values), len(values[-1])) == (200, 2000)
    assert "unknown" not in draft.data["step_data"]["form"]


@pytest.mark.django_db
def test_who_withdraws_applies_again_but_not_without_end(owner: User, single_permit: Permit) -> None:
    for number in range(quotas.SENT_A_DAY):
        numbers = {"case_no": f"{number:012}", "group_no": f"S{number}", "draft_token": f"{number}"}
        Case.objects.create(owner=owner, kind_code="multiple-entry", submitted_at=NOW, status="withdrawn", **numbers)
    draft = draft_of(owner)
    offered = slots.of(draft.kind, NOW.date())
    with pytest.raises(operations.TooManySent):
        operations.send(
            draft, match=match(owner), answers={}, offered=offered, declaration_version="1", now=NOW + dt.timedelta(hours=23)
        )
    assert quotas.may_send(owner, "multiple-entry", now=NOW + dt.timedelta(days=1))
    assert quotas.may_send(owner, "another", now=NOW)
    draft.refresh_from_db()
    assert draft.sent_case is None


# What goes


def touched(draft: Draft, ago: dt.timedelta) -> Draft:
    Draft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - ago)
    return draft


@pytest.mark.django_db
def test_a_draft_goes_after_its_time_with_its_files(owner: User, django_capture_on_commit_callbacks: Any) -> None:
    old, young = draft_of(owner), draft_of(owner)
    upload = operations.add_upload(old, old.kind.slot("photo"), SimpleUploadedFile("a.jpg", photo()), now=timezone.now())
    path = Path(upload.file.path)
    touched(old, purging.DRAFT_LIFE + SECOND)
    touched(young, purging.DRAFT_LIFE - SECOND * 60)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == 1
    assert Draft.objects.get() == young
    assert not path.exists()
    assert purge() == 0


@pytest.mark.django_db
def test_an_untouched_draft_goes_after_a_day(owner: User) -> None:
    for ago in (purging.UNTOUCHED_LIFE + SECOND, purging.UNTOUCHED_LIFE - SECOND * 60):
        draft = Draft.objects.create(owner=owner, category=owner.category, kind_code="multiple-entry")
        touched(draft, ago)
    assert purge() == 1
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_who_types_at_the_last_moment_keeps_their_draft(owner: User) -> None:
    draft = touched(draft_of(owner), purging.DRAFT_LIFE + SECOND)
    touched(draft, dt.timedelta(0))
    assert not purging._forget(draft.pk, now=timezone.now())
    assert Draft.objects.exists()


@pytest.mark.django_db
def test_a_file_of_a_case_stays_when_its_draft_is_gone(owner: User) -> None:
    later = timezone.now() + dt.timedelta(days=2)
    purging.sweep_uploads(now=later)  # what other tests left, whose rows were rolled back
    draft = draft_of(owner)
    upload = operations.add_upload(draft, draft.kind.slot("photo"), SimpleUploadedFile("a.jpg", photo()), now=timezone.now())
    assert purging.sweep_uploads(now=later) == 0
    DraftUpload.objects.all().delete()
    assert purging.sweep_uploads(now=timezone.now()) == 0  # young: its row may be on the way
    assert purging.sweep_uploads(now=later) == 1
    assert not Path(upload.file.path).exists()
