"""交換學生's application form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.eligibility import Match
from portal.forms.application import ApplicationForm, RecordField, Section


class StayForm(ApplicationForm):
    """延長停留."""

    sections = (Section(_("申請資料"), ("chinese_name", "school_name", "reason")),)
    chinese_name = RecordField(label=_("中文姓名"))
    school_name = RecordField(label=_("就讀學校"))
    reason = forms.CharField(label=_("延長事由"), max_length=120)

    @classmethod
    def prefill(cls, match: Match, user: User) -> dict[str, Any]:
        return {"chinese_name": match.applicant.chinese_name, "school_name": match.applicant.school_name}
