"""陸生's applications, as the manual lists them (申辦項目及費用)."""

from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import CaseKind, DocumentSlot, register

from . import rules
from .category import CHINA_STUDENT
from .identity import SINGLE
from .reasons import REJECT_REASONS

# 身分證及護照上不能加上任何字句或圖樣 (manual, chapter 3).
NO_MARKS = _("文件須清晰，證件上不能加上任何字句或圖樣，如：影印本/COPY 等。")

MULTIPLE_ENTRY = register(
    CaseKind(
        code="multiple-entry",
        category=CHINA_STUDENT.slug,
        name=_("陸生換發多次證申請"),
        menu=_("陸生換發多次證申請"),
        tab=_("陸生多次證"),
        digit="1",
        number_label=_("陸生就學入出境許可證號碼"),
        accepts=SINGLE,
        rules=(rules.not_revoked, rules.must_have_entered, rules.within_stay, rules.travel_document_valid),
        form="portal.china_student.forms.MultipleEntryForm",
        documents=(
            DocumentSlot(
                "photo",
                _("照片"),
                _("2 年內所拍攝之白色背景、正面、脫帽、五官清晰彩色照片，寬 413 × 高 531 像素以上，不得修改或合成。"),
                max_files=1,
                photo=True,
            ),
            DocumentSlot("enrolment", _("在學證明或已註冊學生證正反面"), _("文件須清晰。")),
            DocumentSlot("health", _("健康檢查合格證明"), _("由衛生福利部指定外國人體檢之國內醫院出具。"), max_files=4),
            DocumentSlot("travel-document", _("大陸居民往來台灣通行證正反面"), NO_MARKS),
            DocumentSlot("single-permit", _("原單次入出境許可證（含入境章）"), NO_MARKS),
            DocumentSlot("person-id", _("大陸居民身分證正反面"), NO_MARKS, required=False),
            DocumentSlot("other", _("其他相關證明文件"), required=False, max_files=5),
        ),
        fee=1000,
        fee_item=_("多次證"),
        reject_reasons=REJECT_REASONS,
        permit_template="portal/china_student/permit.html",
    )
)
