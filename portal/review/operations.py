"""What staff write beside a case: 查閱紀錄, a row for every look at it or at one of its documents, and 內部備註."""

import logging
from datetime import datetime

from portal.accounts.models import User
from portal.cases.models import Case, CaseRead, Document

from .models import Note

log = logging.getLogger("portal.review")


def add_note(case: Case, *, author: User, text: str, asks: bool, now: datetime) -> Note:
    """內部備註, which stays as it is; `asks` 請示 the supervisor."""
    return Note.objects.create(case=case, author=author, at=now, text=text, asks=asks)


def record_read(reader: User, case: Case, document: Document | None = None, *, now: datetime) -> None:
    """That person sees it now."""
    CaseRead.objects.create(case=case, document=document, reader=reader, at=now)
    if document is None:
        log.info("user %s reads case %s", reader.pk, case.uid)
    else:
        log.info("user %s reads document %s of case %s", reader.pk, document.uid, case.uid)
