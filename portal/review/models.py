"""What officers keep beside a case, and the reasons that editors prepare for them."""

from django.conf import settings
from django.db import models

from portal.cases.models import Case
from portal.cms.snippets import EditorialSnippet


class Note(models.Model):
    """內部備註 on a case, read by staff only; `asks` 請示 the supervisor."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField("備註")
    asks = models.BooleanField("請示主管", default=False)

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case_id} {self.author_id}"


class ReviewDraft(models.Model):
    """暫存: what an officer has typed on the decision page and not sent yet, by the names of its fields."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "officer"], name="one_review_draft_per_case_and_officer")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.officer_id}"


class ReasonTemplate(EditorialSnippet):
    """退補事由範本: what is often asked of applicants, ready to be put into the opinion.

    `kinds` are the keys of those that it fits, none: all; `on` is the field or document that it is pinned to.
    """

    name = models.CharField("名稱", max_length=40, help_text="審查人員勾選時看到的短名；統計退補原因時也用這個名稱。")
    text = models.TextField("審核意見", max_length=400, help_text="申請人會收到這段文字。")
    on = models.CharField("註記位置", max_length=60, blank=True)
    kinds = models.JSONField("申請類別", default=list, blank=True)  # their keys

    preview_template = "portal/review/previews/reason_template.html"

    class Meta:
        verbose_name = verbose_name_plural = "退補事由範本"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
