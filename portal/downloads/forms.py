"""許可證下載–查詢 and 收據下載–查詢 (圖 77, 82)."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.fields.cleaning import CleanForm
from portal.fields.dates import Span
from portal.fields.form_fields import CodeField, GregorianDateField
from portal.throttling.form_limits import LengthFirst

from .verification import FILE_MAX

PAID = Span(back=20, ahead=1)
DATE_HINT = _("西元年月日，例如 2004/5/6。")


class VerificationCodeForm(LengthFirst, forms.Form):
    """查驗碼, for who has the paper but no camera."""

    code = CodeField(
        label=_("查驗碼"),
        help_text=_("印在許可證或收據的 QR 碼旁，共 20 碼；空格可省略，大小寫不拘。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("請輸入查驗碼")},
    )

    def clean_code(self) -> str:
        """What of it can be a code: it becomes part of an address."""
        code = re.sub(r"\W", "", self.cleaned_data["code"])
        if not code:
            raise ValidationError(self.fields["code"].error_messages["required"], code="required")
        return code


class VerifiedFileForm(CleanForm, forms.Form):
    """A PDF that somebody wants verified."""

    file = forms.FileField(
        label=_("電子許可證或電子收據的 PDF 檔"),
        help_text=_("請選擇原始 PDF 檔，不得超過 1 MB；檔案僅用於查驗，不會留存。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("請選擇要查驗的 PDF 檔")},
    )

    def clean_file(self) -> bytes:
        """Its bytes: no more of it is wanted."""
        file = self.cleaned_data["file"]
        if file.size > FILE_MAX:
            raise ValidationError(_("檔案超過 1 MB，不是本系統核發的 PDF 檔。請選擇自下載專區取得的原始檔，或改以查驗碼查驗。"))
        content: bytes = file.read()
        return content


class DownloadQueryForm(LengthFirst, forms.Form):
    """「團號」、「收件號」或「繳費日期區間」其一. What is given narrows one's own cases."""

    LOOKUPS: ClassVar = {
        "group_no": "group_no",
        "case_no": "case_no",
        "paid_from": "paid_at__date__gte",
        "paid_until": "paid_at__date__lte",
    }
    group_no = CodeField(label=_("團號"), required=False)
    case_no = CodeField(label=_("收件號"), required=False)
    paid_from = GregorianDateField(label=_("繳費日期（起）"), required=False, span=PAID, help_text=DATE_HINT)
    paid_until = GregorianDateField(label=_("繳費日期（迄）"), required=False, span=PAID)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not any(given.values()):
            raise ValidationError(_("請輸入「團號」、「收件號」或「繳費日期區間」其一"))
        first, last = given.get("paid_from"), given.get("paid_until")
        if first and last and first > last:
            self.add_error("paid_until", _("繳費日期（迄）不得早於繳費日期（起）"))
        return given

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Those of `cases` that the valid form asks for; `paid_at` is theirs."""
        return cases.filter(**{self.LOOKUPS[name]: value for name, value in self.cleaned_data.items() if value})
