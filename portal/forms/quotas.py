"""How much one student may keep in drafts, and send in a day. Far more than anybody needs; each refusal says how to go on."""

from datetime import datetime, timedelta
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.models import Case
from portal.core.categories import StrOrPromise
from portal.throttling.quotas import Quota
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import kept_bytes, most_bytes

from . import queries
from .models import Draft, DraftUpload

MEGABYTE: Final = 1024 * 1024
DRAFTS_MAX: Final = 5  # not sent, of one kind
DRAFT_BYTES: Final = 40 * MEGABYTE
PERSON_BYTES: Final = 80 * MEGABYTE
# Decoding is what an upload costs: files that are removed again count too.
FILES_AN_HOUR: Final = Quota("uploads.files", 80, timedelta(hours=1))
BYTES_AN_HOUR: Final = Quota("uploads.bytes", 400 * MEGABYTE, timedelta(hours=1))  # sixteen of the largest pictures
SENT_A_DAY: Final = 5  # of one kind

TOO_MUCH = _("檔案合計超過上限（每份申請 {draft} MB，每人 {person} MB），請先移除不需要的檔案，或縮小後再上傳")
TOO_OFTEN = _("一小時內上傳的檔案過多，已上傳的檔案都還在，請於一小時後再繼續上傳")
TOO_MANY_DRAFTS: StrOrPromise = format_lazy(
    _("您已有 {most} 份未送出的草稿，請選擇其中一份繼續填寫。草稿自最後填寫日起保留 60 天。"), most=DRAFTS_MAX
)
TOO_MANY_SENT: StrOrPromise = _("24 小時內送件次數已達上限，請於明日再送出；您的草稿與檔案都還在。")


def has_room_for_draft(user: User, kind_code: str) -> bool:
    """Whether one more may be begun."""
    return queries.open_drafts(user).filter(kind_code=kind_code).count() < DRAFTS_MAX


def check_upload(draft: Draft, uploaded: "UploadedFile[bytes]", *, now: datetime) -> None:
    """Before a byte of the file is read: whether there is room for it. Raises FileRefused."""
    name, size = uploaded.name or "", uploaded.size or 0
    if size > most_bytes(name):
        raise FileRefused(FileProblem.TOO_BIG)
    check_room(draft, kept_bytes(name, size))
    owner = str(draft.owner_id)
    if not (FILES_AN_HOUR.take(owner, now=now) and BYTES_AN_HOUR.take(owner, now=now, amount=size)):
        raise FileRefused(FileProblem.TOO_MANY, TOO_OFTEN)


def check_room(draft: Draft, size: int) -> None:
    """Whether so many bytes fit into the draft, and into all drafts of its owner. Raises FileRefused."""
    uploads = DraftUpload.objects.filter(draft__owner=draft.owner_id)
    kept = uploads.aggregate(person=Sum("size"))["person"] or 0
    here = uploads.filter(draft=draft).aggregate(draft=Sum("size"))["draft"] or 0
    if here + size > DRAFT_BYTES or kept + size > PERSON_BYTES:
        most = {"draft": DRAFT_BYTES // MEGABYTE, "person": PERSON_BYTES // MEGABYTE}
        raise FileRefused(FileProblem.TOO_MANY, format_lazy(TOO_MUCH, **most))


def may_send(user: User, kind_code: str, *, now: datetime) -> bool:
    """Whether one more case of that kind may be made today: who withdraws may apply again, not without end."""
    sent = Case.objects.filter(owner=user, kind_code=kind_code, submitted_at__gt=now - timedelta(days=1))
    return sent.count() < SENT_A_DAY
