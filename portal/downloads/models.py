"""Documents that the agency issues. Only `operations` writes these rows."""

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal.core.files import private_storage

CODE_LENGTH = 20
# Without 0, 1, I and O: a person may have to type it.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """The verification code 查驗碼: what stands in the QR code, cannot be guessed, and says nothing about anybody."""
    return get_random_string(CODE_LENGTH, CODE_ALPHABET)


class IssuedDocument(models.Model):
    """電子許可證 or 電子收據: one file in private storage. `number` is the permit's or the receipt's.

    Its text follows from case or receipt, number and code alone, so that a file made again has the same `sha256`: the same
    drawing (`drawn_sha256`, before it was signed), by the templates of `template_version`. `facts_sha256` is of what the paper
    says of case or receipt; the signature holds it too, so that a value changed in the database is found by verification.
    """

    class Kind(models.TextChoices):
        PERMIT = "permit", _("許可證")
        RECEIPT = "receipt", _("收據")

    kind = models.CharField(max_length=8, choices=Kind)
    case = models.ForeignKey("portal_cases.Case", null=True, on_delete=models.PROTECT, related_name="issued_documents")
    receipt = models.ForeignKey("portal_payments.Receipt", null=True, on_delete=models.PROTECT, related_name="issued_documents")
    number = models.CharField(max_length=20)
    verification_code = models.CharField(max_length=20, unique=True, default=new_code)
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    drawn_sha256 = models.CharField(max_length=64, blank=True)
    facts_sha256 = models.CharField(max_length=64, blank=True)
    template_version = models.CharField(max_length=20, blank=True)
    issued_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_issued_document_per_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
