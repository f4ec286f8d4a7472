"""The agency's own records, as the `local` source keeps them. Filled from the agency's files (`imports`)."""

import re
import uuid

from django.conf import settings
from django.db import models

from portal.core import categories
from portal.core.categories import StrOrPromise
from portal.core.files import private_storage

from .protocol import DEGREES


class School(models.Model):
    """就讀學校: the Ministry of Education's four-character code, and what it is called."""

    code = models.CharField("代碼", max_length=4, primary_key=True)
    name = models.CharField("學校名稱", max_length=60)
    city = models.CharField("縣市", max_length=10)
    name_en = models.CharField("英文名稱", max_length=120, blank=True)
    name_zh_hans = models.CharField("簡體名稱", max_length=60, blank=True)
    aliases = models.CharField("其他名稱", max_length=200, blank=True)  # with semicolons between them

    class Meta:
        verbose_name = verbose_name_plural = "學校"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> list[str]:
        """All by which people look for it, the code among them."""
        return [name for name in (self.name, self.name_zh_hans, self.name_en, self.code, *self.aliases.split(";")) if name]


class Applicant(models.Model):
    """署內申請人資料. Columns are those of the agency's export (applicants.csv), the category's papers in `papers`."""

    category = models.SlugField("學生類別", max_length=40)
    ui_no = models.CharField("統一證號", max_length=10, unique=True)
    chinese_name = models.CharField("中文姓名", max_length=60)
    english_name = models.CharField("英文姓名", max_length=80)
    gender = models.CharField("性別", max_length=1, choices=[("0", "男"), ("1", "女")])
    birth_date = models.DateField("出生日期")
    birth_place = models.CharField("出生地", max_length=10)
    papers = models.JSONField("證件", default=dict)
    school = models.ForeignKey(School, on_delete=models.PROTECT, verbose_name="就讀學校")
    department = models.CharField("系所", max_length=60)
    degree = models.CharField("學制", max_length=1, choices=DEGREES)
    student_no = models.CharField("學號", max_length=20)
    enrolled_on = models.DateField("入學年月")

    class Meta:
        verbose_name = verbose_name_plural = "申請人資料"
        ordering = ["ui_no"]

    def __str__(self) -> str:
        return self.chinese_name

    def get_category_display(self) -> StrOrPromise:
        """學生類別 in words."""
        return categories.get(self.category).name

    def get_birth_place_display(self) -> StrOrPromise:
        """出生地 in words."""
        return dict(categories.identities()[self.category].birth_places).get(self.birth_place, self.birth_place)

    def paper(self, name: str) -> str:
        """A number, or a day as the other columns write one."""
        return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\1/\2/\3", self.papers.get(name, ""))

    def get_papers_display(self) -> str:
        """證件 in words."""
        identity = categories.identities()[self.category]
        return "；".join(f"{label} {self.paper(name)}" for name, label in identity.columns if self.papers.get(name))


class Permit(models.Model):
    """署內許可證資料 (permits.csv)."""

    permit_no = models.CharField("許可證號", max_length=12, unique=True)
    applicant = models.ForeignKey(
        Applicant, to_field="ui_no", db_column="ui_no", on_delete=models.PROTECT, related_name="permits", verbose_name="申請人"
    )
    permit_type = models.CharField("證別", max_length=20)
    issued_on = models.DateField("核發日期")
    valid_until = models.DateField("有效期限")
    entered_on = models.DateField("入境日期", null=True, blank=True)
    stay_until = models.DateField("停留期限")
    revoked = models.BooleanField("已廢止", default=False)
    # Of a permit issued here: the one with which it was applied for, and the first of the chain.
    previous_permit_no = models.CharField("前次許可證號", max_length=12, blank=True, db_index=True)
    first_permit_no = models.CharField("首次許可證號", max_length=12, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "許可證資料"
        ordering = ["permit_no"]

    def __str__(self) -> str:
        return self.permit_no

    def get_permit_type_display(self) -> StrOrPromise:
        """證別 in words of the holder's category."""
        labels = dict(categories.identities()[self.applicant.category].permit_types)
        return labels.get(self.permit_type, self.permit_type)


class LookupLog(models.Model):
    """Every question put to the records: who asked, keyed hashes of what, and the answer. Never the number itself."""

    class Question(models.TextChoices):
        PERSON = "person", "申請人"
        PERMIT = "permit", "許可證"

    asked_at = models.DateTimeField("時間")
    question = models.CharField("查詢種類", max_length=6, choices=Question)
    asker = models.CharField("查詢者", max_length=64)
    key_hash = models.CharField(max_length=64)
    document_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField("結果", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "查詢紀錄"
        indexes = [
            models.Index(fields=["asker", "asked_at"], name="lookup_by_asker"),
            models.Index(fields=["key_hash", "asked_at"], name="lookup_by_key"),
            models.Index(fields=["document_hash", "asked_at"], name="lookup_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.outcome}"


class RecordsImport(models.Model):
    """One pair of the agency's files that a clerk sent in: checked, then taken over or not. The files go when that is done.

    `new` and `known` count rows by table: {"applicants": 12, "permits": 30}. `problems` are the first ones, each as
    [file, line, column, reason]; `problem_count` is how many there are.
    """

    class State(models.TextChoices):
        CHECKED = "checked", "檢查無誤，待匯入"
        QUEUED = "queued", "匯入中"
        DONE = "done", "已匯入"
        REFUSED = "refused", "有誤，未匯入"
        DROPPED = "dropped", "已放棄"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("狀態", max_length=8, choices=State)
    category = models.SlugField("學生類別", max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="匯入者")
    at = models.DateTimeField("上傳時間")
    done_at = models.DateTimeField("匯入時間", null=True, blank=True)
    applicants = models.FileField(storage=private_storage, blank=True)
    permits = models.FileField(storage=private_storage, blank=True)
    new = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField("錯誤數", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "資料匯入"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        permissions = [("import_recordsimport", "匯入署內資料")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class RecordCorrection(models.Model):
    """更正: one record that a clerk put right, and why. `before` and `after` hold the columns that changed, as text."""

    applicant = models.ForeignKey(Applicant, null=True, on_delete=models.PROTECT, related_name="corrections")
    permit = models.ForeignKey(Permit, null=True, on_delete=models.PROTECT, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="更正者")
    at = models.DateTimeField("更正時間")
    reason = models.CharField("理由", max_length=200)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = verbose_name_plural = "資料更正"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        permissions = [("correct_recordcorrection", "更正署內資料")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applicant=None) ^ models.Q(permit=None), name="a_correction_is_of_one_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reason}"
