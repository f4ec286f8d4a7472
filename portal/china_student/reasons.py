"""Grounds on which 陸生's applications are not approved: what a fresh site has, until the agency edits them in the admin.

就讀辦法 §11 I lists six. Its sixth, a breach of other laws, is the bridge to 許可辦法 §12, which does not name study
among what it governs (§3): both are cited. What the two regulations say of how long, and of whom not, stands with the ground.
"""

from django.utils.translation import gettext_lazy as _

from portal.cases.reasons import RejectReason

CORRECTION = _("大陸地區人民來臺就讀專科以上學校辦法第9條第2項")
STUDY = _("大陸地區人民來臺就讀專科以上學校辦法第11條第1項")
# Of a case of 兩岸條例 §18 I: how long no permit is given, and who is exempt.
STUDY_WITH_BAR = _(
    "大陸地區人民來臺就讀專科以上學校辦法第11條第1項第5款；不予許可期間依同條第2項：未經許可入境者2年至5年，"
    "逾期停留或從事與許可目的不符之活動者1年至3年，在學期間逾期停留者不在此限"
)
OTHER_LAW = _("大陸地區人民來臺就讀專科以上學校辦法第11條第1項第6款、大陸地區人民進入臺灣地區許可辦法第12條")

# The codes stay when the wording of the law changes.
REJECT_REASONS = (
    RejectReason("violence", _("參加暴力或恐怖組織，或其活動"), STUDY),
    RejectReason("sedition", _("涉有內亂罪、外患罪重大嫌疑"), STUDY),
    RejectReason("serious_crime", _("在臺灣地區外涉嫌重大犯罪或有犯罪習慣"), STUDY),
    RejectReason("party_post", _("現任大陸地區黨務、軍事、行政或其他公務機關（構）職務"), STUDY),
    RejectReason("article_18", _("曾有兩岸條例第18條第1項各款情形（如逾期停留、未經許可入境、非法工作）"), STUDY_WITH_BAR),
    RejectReason("false_statement", _("虛偽陳述、隱瞞，或使用偽造、變造之相片、文書"), OTHER_LAW),
    RejectReason("whereabouts_unknown", _("曾有行方不明紀錄"), OTHER_LAW),
    RejectReason("public_morals", _("有違背善良風俗之行為"), OTHER_LAW),
    RejectReason("infectious_disease", _("患有重大傳染病"), OTHER_LAW),
    RejectReason("purpose_lost", _("原申請事由或目的消失"), OTHER_LAW),
    RejectReason("interview_refused", _("未依規定接受面談或按捺指紋"), OTHER_LAW),
    RejectReason("unfavourable", _("對政治、社會、經濟有不利影響"), OTHER_LAW),
    RejectReason("overstay_risk", _("有逾期停留之虞"), OTHER_LAW),
    RejectReason("other_purpose", _("以不同事由分別申請"), OTHER_LAW),
    RejectReason("valid_permit", _("已領有有效許可證再申請"), OTHER_LAW),
    RejectReason("inspection_refused", _("拒絕查驗證照"), OTHER_LAW),
    RejectReason("contraband", _("攜帶違禁物"), OTHER_LAW),
    RejectReason("other_law", _("其他法令規定"), OTHER_LAW),
)
