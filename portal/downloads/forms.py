"""許可證下載–查詢 and 收據下載–查詢 (圖 77, 82)."""

import unicodedata
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.fields.identifiers import clean_code
from portal.throttling.form_limits import LengthFirst


class CodeField(forms.CharField):
    """A number, accepted with full-width digits, blanks, hyphens and lower case."""

    def to_python(self, value: Any) -> str:
        return clean_code(super().to_python(value) or "")


class DayField(forms.DateField):
    """A day, chosen or typed: 2026-11-23, 2026/11/23, also in full-width digits."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ("%Y-%m-%d", "%Y/%m/%d")

    def to_python(self, value: Any) -> Any:
        return super().to_python(unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value)


class DownloadQueryForm(LengthFirst, forms.Form):
    """「團號」、「收件號」或「繳費日期區間」其一. What is given narrows one's own cases."""

    LOOKUPS: ClassVar = {
        "group_no": "group_no",
        "case_no": "case_no",
        "paid_from": "paid_at__date__gte",
        "paid_until": "paid_at__date__lte",
    }
    group_no = CodeField(label=_("團號"), required=False, max_length=40)
    case_no = CodeField(label=_("收件號"), required=False, max_length=40)
    paid_from = DayField(label=_("繳費日期（起）"), required=False)
    paid_until = DayField(label=_("繳費日期（迄）"), required=False)

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
