"""`manage.py rotate_encryption_keys`: encrypt everything with the first key of FIELD_ENCRYPTION_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.encryption.ciphers import current_key_id
from portal.encryption.fields import encrypted_fields
from portal.encryption.rotation import Result, reencrypt


class Command(BaseCommand):
    help = "Encrypt anew what an older key encrypted. May be run again at any time; fails when something cannot be read."

    def handle(self, *args: Any, **options: Any) -> None:
        results = {f"{field.model._meta.label}.{field.name}": reencrypt(field) for field in encrypted_fields()}
        for name, result in results.items():
            self._tell(name, result)
        if unreadable := sum(result.unreadable.total() for result in results.values()):
            raise CommandError(f"{unreadable} values cannot be read; keep the older keys until this is mended")
        self.stdout.write(f"everything is encrypted with key {current_key_id()!r}; older keys are needed no more")

    def _tell(self, name: str, result: Result) -> None:
        self.stdout.write(f"{name}: {result.rewritten} encrypted anew, {result.unreadable.total()} unreadable")
        for why, count in result.unreadable.items():
            self.stderr.write(f"{name}: {count} times: {why}")
