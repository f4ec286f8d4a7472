"""交換學生's application form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.forms.application import ApplicationForm, RecordField, Section
from portal.records.protocol import Match


class StayForm(ApplicationForm):
    """延長停留."""

    sections = (
        Section(_("申請資料"), ("chinese_name", "school_name", "reason", "months", "payer")),
        Section(_("領證"), ("collect_at",)),
    )
    chinese_name = RecordField(label=_("中文姓名"))
    school_name = RecordField(label=_("就讀學校"))
    reason = forms.CharField(label=_("延長事由"), max_length=120)
    months = forms.ChoiceField(label=_("延長期間"), choices=[("6", _("六個月")), ("12", _("一年"))])
    payer = forms.ChoiceField(label=_("費用來源"), choices=[("school", _("交換學校")), ("self", _("自費"))])
    collect_at = forms.ChoiceField(label=_("領證地點"), choices=[("taipei", _("臺北市服務站")), ("hualien", _("花蓮縣服務站"))])

    @classmethod
    def prefill(cls, match: Match, user: User) -> dict[str, Any]:
        return {"chinese_name": match.applicant.chinese_name, "school_name": match.applicant.school_name}
