"""Purges: in batches, twice is once, and a file is swept only when no row holds it and it is old enough."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from pytest_django import Settings
from wagtail.admin.models import FormState
from wagtail.models import Page, UploadedFile

from portal.accounts.models import User
from portal.cms import wagtail_leftovers
from portal.cms.tasks import purge
from portal.core import purging, temporary_files
from portal.downloads.models import IssuedDocument
from portal.throttling.models import QuotaUse

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def uses(count: int) -> None:
    now = timezone.now()
    QuotaUse.objects.bulk_create(QuotaUse(key=f"{number}", starts_at=now, ends_at=now) for number in range(count))


@pytest.mark.django_db
def test_rows_go_in_batches_and_within_a_time() -> None:
    uses(purging.BATCH * 2 + 1)
    rows = QuotaUse.objects.all()
    assert purging.delete_in_batches(rows, seconds=0) == purging.BATCH
    assert purging.delete_in_batches(rows) == purging.BATCH + 1
    assert purging.delete_in_batches(rows) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("there", "left"), [(3, 3), (5, 5), (9, 5)])
def test_the_newest_stay(there: int, left: int) -> None:
    uses(there)
    newest = list(QuotaUse.objects.order_by("-pk").values_list("pk", flat=True)[:left])
    assert purging.keep_newest(QuotaUse.objects.all(), 5) == there - left
    assert list(QuotaUse.objects.order_by("-pk").values_list("pk", flat=True)) == newest


def made_ago(path: Path, age: dt.timedelta) -> None:
    then = timezone.now().timestamp() - age.total_seconds()
    os.utime(path, (then, then))


@pytest.mark.django_db
def test_a_file_without_a_row_goes_when_it_is_old(tmp_path: Path) -> None:
    storage = FileSystemStorage(tmp_path)
    for name in ("held", "orphan", "young"):
        storage.save(f"issued/{name}", ContentFile(b"x"))
        made_ago(tmp_path / "issued" / name, DAY * 2 if name != "young" else DAY - SECOND * 60)
    IssuedDocument.objects.create(kind="permit", number="1", file="issued/held")

    def sweep() -> int:
        return purging.sweep_files(storage, "issued", [(IssuedDocument.objects.all(), "file")], now=timezone.now(), grace=DAY)

    assert sweep() == 1
    assert sorted(path.name for path in (tmp_path / "issued").iterdir()) == ["held", "young"]
    assert sweep() == 0


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert purging.sweep_files(FileSystemStorage(tmp_path), "none", [], now=timezone.now(), grace=DAY) == 0


def test_a_folder_that_is_too_big_for_one_run_is_swept_to_its_end(tmp_path: Path) -> None:
    storage, now = FileSystemStorage(tmp_path), timezone.now()
    (tmp_path / "many").mkdir()
    for number in range(3 * purging.BATCH):
        (tmp_path / "many" / f"{number:05}").touch()
    last = tmp_path / "many" / "last"
    last.touch()
    made_ago(last, 3 * DAY)
    for hours in range(20):
        purging.sweep_files(storage, "many", [], now=now + dt.timedelta(hours=hours), grace=DAY, seconds=0)
    assert not last.exists()
    assert len(list((tmp_path / "many").iterdir())) == 3 * purging.BATCH


def test_spooled_uploads_of_killed_workers_go_after_a_day(tmp_path: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for name, age in {"tmpa.upload.jpg": DAY + SECOND * 60, "tmpb.upload.jpg": DAY - SECOND * 60, "other": DAY * 9}.items():
        (tmp_path / name).write_bytes(b"x")
        made_ago(tmp_path / name, age)
    assert temporary_files.sweep(now=timezone.now()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "tmpb.upload.jpg"]


@pytest.mark.django_db
def test_what_the_admin_left_half_done_goes_after_a_day(officer: User) -> None:
    now, page = timezone.now(), Page.objects.first()
    for parent, age in (("old", DAY + SECOND), ("young", DAY - SECOND * 60)):
        FormState.objects.update_or_create_by_instance(
            page, parent_object_id=parent, user=officer, defaults={"data": "x", "last_updated_at": now - age}
        )
    left = UploadedFile.objects.create(file=ContentFile(b"x", "left.jpg"), uploaded_by_user=officer)
    assert wagtail_leftovers.purge(now=now) == 1
    assert FormState.objects.get().parent_object_id == "young"
    path = Path(left.file.path)
    made_ago(path, DAY + SECOND * 60)
    assert purge() == 1
    assert not path.exists()
    assert not UploadedFile.objects.exists()
