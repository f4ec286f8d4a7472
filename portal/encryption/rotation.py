"""Changing keys: everything that is encrypted with an older key is encrypted anew with the current one."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from django.db import models, transaction
from django.db.models.functions import Left

from . import ciphers as encryption
from .fields import EncryptedTextField

BATCH: Final = 500


@dataclass
class Result:
    """How it went with one field."""

    rewritten: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)  # why -> how many


def reencrypt(encrypted: EncryptedTextField) -> Result:
    """Encrypt anew what an older key encrypted, a batch at a time; what cannot be read is left and counted."""
    result, last = Result(), None
    while rows := _next_rows(encrypted, last):
        with transaction.atomic():
            for row in rows:
                _rewrite(encrypted, row, result)
        last = rows[-1].pk
    return result


def _next_rows(encrypted: EncryptedTextField, last: object) -> list[models.Model]:
    prefix, name = encryption.prefix(encryption.current_key_id()), encrypted.name
    rows = encrypted.model._base_manager.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True})
    older = rows.annotate(_prefix=Left(name, len(prefix))).exclude(_prefix=prefix)
    after = older if last is None else older.filter(pk__gt=last)
    return list(after.only(encrypted.bound_to, name).order_by("pk")[:BATCH])


def _rewrite(encrypted: EncryptedTextField, row: models.Model, result: Result) -> None:
    """Only if the column is still what was read: whoever wrote it meanwhile used the current key."""
    stored = row.__dict__[encrypted.attname]
    try:
        text = encrypted.decrypted(row, stored)
    except encryption.CannotDecrypt as error:
        result.unreadable[str(error)] += 1
        return
    same = encrypted.model._base_manager.filter(**{"pk": row.pk, encrypted.name: stored})
    result.rewritten += same.update(**{encrypted.name: encrypted.encrypted(row, text)})
