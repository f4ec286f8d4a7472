"""Drafts 草稿: what a student has typed and uploaded so far. They survive time-outs and move between devices.

使用聲明事項 stands in `declaration`.
"""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.crypto import get_random_string

from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.core.files import private_storage
from portal.editorial.declaration import Declaration, DeclarationVersion
from portal.uploads.file_problems import warnings_in_words

if TYPE_CHECKING:
    from portal.core.categories import StrOrPromise

__all__ = ["Declaration", "DeclarationVersion", "Draft", "DraftUpload"]


def new_token() -> str:
    return get_random_string(32)


class Draft(models.Model):
    """One application being written, or a returned one being corrected.

    `data` is the wizard's (step -> what was posted); `sent_case` is set once, when it became a case. `corrects` is the case
    whose 補正(件) it is; it goes when that is sent.
    """

    token = models.CharField(max_length=64, unique=True, default=new_token)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    category = models.SlugField(max_length=40)
    kind_code = models.SlugField(max_length=40)
    data = models.JSONField(default=dict)
    sent_case = models.OneToOneField("portal_cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="draft")
    corrects = models.OneToOneField(
        "portal_cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="correction"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"{self.kind_code} {self.pk}"

    @property
    def kind(self) -> CaseKind:
        return kinds.get(self.category, self.kind_code)

    @property
    def step(self) -> str:
        """Where 繼續填寫 leads."""
        return self.data.get("step") or "declaration"


class DraftUpload(models.Model):
    """A file that passed `uploads.files`, saved the moment it did."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="uploads")
    slot = models.CharField(max_length=40)
    file = models.FileField(storage=private_storage, max_length=200)
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    warnings = models.JSONField(default=list, blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def warnings_in_words(self) -> "list[StrOrPromise]":
        """What is odd about the file, for its owner."""
        return warnings_in_words(self.warnings)
