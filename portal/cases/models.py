"""Case 案件 and what belongs to it. Only `operations` writes these rows."""

import uuid
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _

from portal.cms.snippets import EditorialSnippet
from portal.core.files import private_storage
from portal.core.wording import in_language, in_page_language

from . import kinds
from .kinds import ADDED, ASKED, CaseKind, DocumentSlot, field_of
from .reasons import DEADLINE_MISSED, RejectReason
from .reasons.models import RefusalGround  # noqa: F401  # a model is where Django finds it
from .snapshots import document_slot, permit_record
from .states import CARD_IS_MADE, MONEY_TAKEN_BACK, PUBLIC_LABELS, Role, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.core.categories import StrOrPromise
    from portal.records.protocol import PermitRecord


class Case(models.Model):
    """One application of one student.

    `case_no` 收件號: 12 digits, unique, never reused. `group_no` 團號: here always a group of one.
    `version` grows with every action; who acts on an older one is refused (StaleCase).
    `answers` is what the kind's form validated; `applicant` and `permit` are the records as they were at submission.
    `permit_no` is the permit applied with, `first_permit_no` the first of the chain of permits that it came from.
    `slots` is 應檢附文件 as it was at submission, and what an officer asked for besides; `decision` is what the kind asked of
    the officer who approved.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case_no = models.CharField("收件號", max_length=12, unique=True)
    group_no = models.CharField("團號", max_length=12, unique=True)
    category = models.SlugField("學生類別", max_length=40)
    kind_code = models.SlugField("申請類別", max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases", verbose_name="申請人")
    status = models.CharField("案件狀態", max_length=20, choices=Status)
    version = models.PositiveIntegerField(default=1)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="承辦人"
    )
    permit_no = models.CharField("現持許可證號", max_length=12)
    first_permit_no = models.CharField("首次許可證號", max_length=12)
    name = models.CharField("姓名", max_length=60)
    school = models.CharField("就讀學校", max_length=60)
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    applicant = models.JSONField(default=dict)
    permit = models.JSONField(default=dict)
    slots = models.JSONField(default=list)
    declaration_version = models.CharField("聲明事項版本", max_length=40)
    # From which draft: two submits of one draft make one case.
    draft_token = models.CharField(max_length=64, unique=True)
    opinion = models.TextField("審核意見", blank=True)
    reject_reason = models.CharField("不予核准原因", max_length=40, blank=True)
    reject_words = models.JSONField(default=dict)  # the ground and its law in every language, as they were
    fee = models.PositiveIntegerField("規費", null=True, blank=True)
    deadline = models.DateField("期限", null=True, blank=True)
    submitted_at = models.DateTimeField("送件時間")
    decided_at = models.DateTimeField("審結時間", null=True, blank=True)
    completed_at = models.DateTimeField("結案時間", null=True, blank=True)
    # Set by approve: what the officer decided, and the new permit's dates, which are the kind's.
    decision = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    permit_issued_on = models.DateField("核發日期", null=True, blank=True)
    permit_valid_until = models.DateField("有效期限", null=True, blank=True)
    permit_stay_until = models.DateField("停留期限", null=True, blank=True)
    # When the agency's records learned of the new permit.
    permit_recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        ordering = ["-submitted_at", "-id"]
        default_permissions = ()  # nobody adds, edits or deletes a case by hand
        permissions = [("review_case", "審核案件"), ("view_case", "查閱案件"), ("assign_case", "改派案件")]
        indexes = [
            models.Index(fields=["owner", "status"]),
            models.Index(fields=["status", "submitted_at"]),
            models.Index(fields=["assignee", "status"]),
            models.Index(fields=["status", "deadline"]),
            models.Index(fields=["-submitted_at", "-id"]),
            models.Index(fields=["decided_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind_code"],
                condition=models.Q(status__in=["submitted", "in_review", "correction", "supplement", "awaiting_payment"]),
                name="one_open_case_per_owner_and_kind",
            ),
            models.UniqueConstraint(
                fields=["owner", "permit_no"],
                condition=models.Q(status__in=["submitted", "in_review", "correction", "supplement", "awaiting_payment"]),
                name="one_open_case_per_owner_and_permit",
            ),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def kind(self) -> CaseKind:
        return kinds.get(self.category, self.kind_code)

    @property
    def previous_permit(self) -> "PermitRecord":
        """The permit applied with, as the records had it at submission."""
        return permit_record(self.permit)

    @property
    def document_slots(self) -> tuple[DocumentSlot, ...]:
        """The lines of 應檢附文件 that it was sent with, and what an officer asked for besides."""
        return tuple(map(document_slot, self.slots))

    # Whether the bank took the fee of a completed case back: pages for students are given it (`payments.queries.with_money`).
    is_blocked = False

    def labelled(self, remarks: "Iterable[Mapping[str, str]]") -> "list[LabelledRemark]":
        """Remarks of a 退補, each with the label of its field or document."""
        fields = self.kind.form.base_fields  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
        labels = {name: field.label or name for name, field in fields.items()}
        labels.update({slot.field_name: slot.label for slot in self.document_slots})
        # What a 退補 asked for that was taken back is no line of the case any more.
        labels.update(
            {on: _("另請檢附") for each in remarks if (on := each["on"]) not in labels and on.startswith(field_of(ASKED))}
        )
        return [LabelledRemark(each["on"], labels.get(each["on"], ""), each["text"]) for each in remarks]

    @property
    def public_status(self) -> "StrOrPromise":
        """What the student reads."""
        if self.is_blocked:
            return MONEY_TAKEN_BACK
        if self.status == Status.COMPLETED and not self.kind.outcome.is_pdf:
            return CARD_IS_MADE
        return PUBLIC_LABELS[Status(self.status)]

    @property
    def reject_ground(self) -> "StrOrPromise":
        """不予核准原因 in words."""
        return self._ground.label if self._ground else ""

    @property
    def reject_law(self) -> "StrOrPromise":
        """The article that the ground is of."""
        return self._ground.law if self._ground else ""

    @property
    def _ground(self) -> RejectReason | None:
        if kept := self.reject_words:
            return RejectReason(self.reject_reason, in_page_language(kept["label"]), in_page_language(kept["law"]))
        grounds = (*self.kind.reject_reasons, replace(DEADLINE_MISSED, law=self.kind.correction_law))
        return next((ground for ground in grounds if ground.code == self.reject_reason), None)


class Revision(models.Model):
    """What the applicant sent, each time (送件, 補正, 補件); or what the officer `corrected_by` put right."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField(encoder=DjangoJSONEncoder)
    reply = models.TextField("審核意見回覆", blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Document(models.Model):
    """One file of 應檢附文件. A replaced file is marked, not deleted.

    `revision` is the number of the one that brought it; `warnings` are what its upload was warned of (`uploads`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    slot = models.CharField(max_length=40)
    file = models.FileField(storage=private_storage, max_length=200)
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    warnings = models.JSONField(default=list, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    added_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def download_name(self) -> str:
        """The name under which it leaves: the applicant's, with the ending of what was kept (pictures are kept as JPEG)."""
        return PurePath(self.original_name).stem + PurePath(self.file.name or "").suffix

    @property
    def line(self) -> DocumentSlot:
        """Its line of 應檢附文件, as the case keeps it."""
        return next((slot for slot in self.case.document_slots if slot.code == self.slot), DocumentSlot(self.slot, self.slot))

    @property
    def label(self) -> "StrOrPromise":
        return self.line.label


class CaseKey(models.Model):
    """One number or name that officers find the case by (`portal.fields.search_keys`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="keys")
    value = models.CharField(max_length=80, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "value"], name="one_row_per_case_and_key")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class CaseEvent(models.Model):
    """Append-only history of a case; the database itself refuses UPDATE and DELETE.

    `chain` is a digest of the row and of the one before it (`core.append_only.link`): `manage.py verify_events` finds what was
    edited behind the database's back.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=20)
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    chain = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_event_per_version")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"

    def said(self) -> dict[str, Any]:
        """All that the row says, for its digest."""
        names = ("case_id", "at", "action", "role", "actor_id", "source", "target", "version", "note")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class LabelledRemark:
    """A remark of an officer, and what it is pinned to in words."""

    on: str
    label: "StrOrPromise"
    text: str


class Return(models.Model):
    """退補: one time that an officer gave a case back to its applicant, and what became of it.

    `mode` is 待補正 or 待補件; `version` the case's from then on. `remarks` are `operations.Remark`s: {"on": field, "text": …}.
    `reasons` are the names of the reason templates that were used. An extension is asked for, then granted or declined.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="returns")
    version = models.PositiveIntegerField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=20, choices=Status)
    opinion = models.TextField("審核意見")
    remarks = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    asked = models.CharField("另請檢附", max_length=60, blank=True)
    returned_at = models.DateTimeField("退補時間")
    deadline = models.DateField("期限")
    answered_at = models.DateTimeField("補正(件)時間", null=True, blank=True)
    taken_back_at = models.DateTimeField("撤回時間", null=True, blank=True)
    extension_reason = models.TextField("申請展延事由", blank=True)
    extension_asked_at = models.DateTimeField("申請展延時間", null=True, blank=True)
    extension_declined_at = models.DateTimeField("不同意展延時間", null=True, blank=True)
    extended_at = models.DateTimeField("展延時間", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_return_per_version")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.version}"

    @property
    def labelled_remarks(self) -> "list[LabelledRemark]":
        """The remarks, each with the label of its field or document."""
        return self.case.labelled(self.remarks)

    @property
    def extension_is_pending(self) -> bool:
        """Whether the applicant waits for an answer to 申請展延."""
        return self.extension_asked_at is not None and self.extended_at is None and self.extension_declined_at is None


class PaperProblem(models.Model):
    """An item for officers: what keeps a paper of the case (a permit or its receipt) from being made. Gone once it is made."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="paper_problems")
    paper = models.CharField(max_length=10)
    problem = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "paper"], name="one_problem_per_paper")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.paper}"


class CaseRead(models.Model):
    """One look of a member of staff at a case, or at one of its documents. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reads")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查閱人員")
    at = models.DateTimeField("查閱時間")

    class Meta:
        verbose_name = verbose_name_plural = "查閱紀錄"
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["reader", "at"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reader_id}"


class AddedSlot(EditorialSnippet):
    """加附文件: a line of 應檢附文件 that editors add to kinds, while it is published and from its first day to its last.

    A case keeps the lines that it was sent with: what becomes of this row changes no case.
    """

    label = models.CharField("文件名稱", max_length=60)
    label_en = models.CharField("文件名稱（English）", max_length=120, blank=True)
    label_zh_hans = models.CharField("文件名稱（简体中文）", max_length=60, blank=True)
    help = models.CharField("說明", max_length=200, blank=True, help_text="文件的格式，或由誰開立；顯示在文件名稱下方。")
    help_en = models.CharField("說明（English）", max_length=400, blank=True)
    help_zh_hans = models.CharField("說明（简体中文）", max_length=200, blank=True)
    required = models.BooleanField("必備", default=True, help_text="未上傳必備文件，不能送出申請。")
    max_files = models.PositiveSmallIntegerField(
        "檔案數上限", default=2, validators=[MinValueValidator(1), MaxValueValidator(5)], help_text="1 至 5 個。"
    )
    starts_on = models.DateField("開始日", null=True, blank=True, help_text="從這一天起請申請人檢附；不填則發布後立即開始。")
    ends_on = models.DateField("結束日", null=True, blank=True, help_text="到這一天為止（含當日）；不填則沒有期限。")
    kinds = models.JSONField("申請類別", default=list)  # their keys

    preview_template = "portal/cases/previews/added_slot.html"

    class Meta:
        verbose_name = verbose_name_plural = "加附文件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "結束日不可早於開始日。"})

    @property
    def slot(self) -> DocumentSlot:
        """The line, in the language of the page on which it stands."""
        label, said = ({code: in_language(self, name, code).text for code, _ in settings.LANGUAGES} for name in ("label", "help"))
        return DocumentSlot(
            f"{ADDED}{self.pk}", in_page_language(label), in_page_language(said), self.required, max_files=self.max_files
        )
