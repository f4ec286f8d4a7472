"""案件撤銷–查詢, and the tick of 聲明事項 (圖 56, 58)."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.throttling.form_limits import LengthFirst

from ..progress.form import NumberField


class WithdrawalQueryForm(LengthFirst, forms.Form):
    """By 團號 or 收件號."""

    group_no = NumberField(label=_("團號"))
    case_no = NumberField(label=_("收件號"))

    def clean(self) -> None:
        super().clean()
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(_("請輸入「團號」或「收件號」"))

    def find(self, cases: QuerySet[Case]) -> Case | None:
        """The one of `cases` that the valid form names."""
        return cases.filter(**{name: value for name, value in self.cleaned_data.items() if value}).first()


class WithdrawalForm(LengthFirst, forms.Form):
    """Ticked before the second question; `version` is that of the case as its student saw it."""

    agree = forms.BooleanField(
        label=_("我已閱讀並同意上述事項"), error_messages={"required": _("請勾選「我已閱讀並同意上述事項」")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
