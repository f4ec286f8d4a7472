"""The grounds of refusal as an agency words them: law changes without a release."""
# mypy: allow-untyped-calls
# Wagtail's classes carry no types.

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from portal.cms.snippets import EditorialSnippet
from portal.core.wording import in_language, in_page_language

from . import RejectReason

if TYPE_CHECKING:
    from portal.core.categories import StrOrPromise


class RefusalGround(EditorialSnippet):
    """不予核准原因 that officers choose from, while it is published: the ground, and the law that it stands in with its limits.

    A case keeps the words that it was refused with: what becomes of this row changes no case. `kinds` are the keys of those that
    it fits, none: all.
    """

    code = models.SlugField("代碼", max_length=40, unique=True, help_text="統計不予核准原因時使用；發布後請勿更改。")
    label = models.CharField("原因", max_length=120)
    label_en = models.CharField("原因（English）", max_length=240, blank=True)
    label_zh_hans = models.CharField("原因（简体中文）", max_length=120, blank=True)
    law = models.CharField(
        "法令依據", max_length=200, help_text="條、項、款；法令訂有不予許可期間或例外的，一併寫明。申請人會收到這段文字。"
    )
    law_en = models.CharField("法令依據（English）", max_length=500, blank=True)
    law_zh_hans = models.CharField("法令依據（简体中文）", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("順序", default=100, help_text="數字小的在前。")
    kinds = models.JSONField("申請類別", default=list, blank=True)  # their keys

    preview_template = "portal/cases/previews/refusal_ground.html"

    class Meta:
        app_label = "portal_cases"
        verbose_name = verbose_name_plural = "不予核准原因"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def reason(self) -> RejectReason:
        """The ground, in the language of the page on which it stands."""
        return RejectReason(self.code, self._words("label"), self._words("law"))

    def _words(self, name: str) -> "StrOrPromise":
        return in_page_language({code: in_language(self, name, code).text for code, _ in settings.LANGUAGES})
