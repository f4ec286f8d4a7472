"""Grounds on which 陸生's applications are not approved."""

from django.utils.translation import gettext_lazy as _

from portal.cases.reasons import RejectReason

STUDY = _("大陸地區人民來臺就讀專科以上學校辦法第11條第1項")
ENTRY = _("大陸地區人民進入臺灣地區許可辦法第12條")

# The codes stay when the wording of the law changes.
REJECT_REASONS = (
    RejectReason("party_post", _("現任大陸地區黨務、軍事、行政或其他公務機關（構）職務"), STUDY),
    RejectReason("violence", _("參加暴力或恐怖組織，或其活動"), STUDY),
    RejectReason("sedition", _("涉有內亂罪、外患罪重大嫌疑"), STUDY),
    RejectReason("serious_crime", _("在臺灣地區外涉嫌重大犯罪或有犯罪習慣"), STUDY),
    RejectReason("false_statement", _("虛偽陳述、隱瞞，或使用偽造、變造之相片、文書"), ENTRY),
    RejectReason("whereabouts_unknown", _("曾有行方不明紀錄"), ENTRY),
    RejectReason("public_morals", _("有違背善良風俗之行為"), ENTRY),
    RejectReason("infectious_disease", _("患有重大傳染病"), ENTRY),
    RejectReason("purpose_lost", _("原申請事由或目的消失"), ENTRY),
    RejectReason("interview_refused", _("未依規定接受面談或按捺指紋"), ENTRY),
    RejectReason("overstay_risk", _("有逾期停留之虞"), ENTRY),
    RejectReason("other_purpose", _("以不同事由分別申請"), ENTRY),
    RejectReason("valid_permit", _("已領有有效許可證再申請"), ENTRY),
    RejectReason("other_law", _("其他法令規定"), ENTRY),
)
