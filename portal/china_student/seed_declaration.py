"""What 使用聲明事項 says on a fresh site: the six items of 個人資料保護法 §8; editors change it in the admin."""

from typing import Final

_ZH_HANT: Final = (
    "內政部移民署（以下稱本署）為受理您的入出境許可證申請，須蒐集您的個人資料。依個人資料保護法第 8 條規定，告知下列事項：",
    {
        "蒐集機關": "：內政部移民署。",
        "蒐集之目的": "：辦理陸生就學入出境許可證之申請、審核、收費、發證及後續管理。",
        "個人資料之類別": "：姓名、性別、出生日期、證件號碼、照片、聯絡方式、就學資料、健康檢查合格證明，"
        "以及您在申請書填寫或上傳的其他資料。",
        "利用之期間、地區、對象及方式": "：自申請時起至檔案保存期限屆滿止，於臺灣地區，"
        "由本署及依法有權之機關、您就讀之學校，以書面或電子方式利用。",
        "您的權利": "：您得依個人資料保護法第 3 條，請求查詢、閱覽、製給複製本、補充、更正、停止蒐集、處理、利用或刪除。",
        "不提供之影響": "：您得自由選擇是否提供；不提供或資料不正確時，本署將無法受理或核准您的申請。",
    },
    "申請資料如有虛偽陳述、隱瞞重要事實，或提供偽造、變造之文書或照片，依法得不予許可；已許可者，得撤銷或廢止之。",
)
_EN: Final = (
    "The National Immigration Agency, Ministry of the Interior (“the Agency”) must collect your personal data to process your "
    "application for an entry and exit permit. In accordance with Article 8 of the Personal Data Protection Act, you are "
    "informed of the following:",
    {
        "Collecting agency": ": National Immigration Agency, Ministry of the Interior.",
        "Purpose of collection": ": application, review, fee collection, issue and subsequent management of mainland students' "
        "entry and exit permits.",
        "Categories of personal data": ": name, sex, date of birth, document numbers, photo, contact details, details of study, "
        "health check certificate, and other information you enter or upload in the application.",
        "Period, area, recipients and methods of use": ": from the time of application until the end of the records retention "
        "period, in the Taiwan Area, by the Agency, other authorities empowered by law and your school, in writing or "
        "electronically.",
        "Your rights": ": under Article 3 of the Personal Data Protection Act, you may ask to inquire about or review your "
        "personal data, receive a copy of it, have it supplemented or corrected, have its collection, processing or use stopped, "
        "or have it deleted.",
        "Effect of not providing data": ": you are free to choose whether to provide the data. If you do not provide it, or it "
        "is not correct, the Agency will not be able to accept or approve your application.",
    },
    "If an application contains false statements, conceals material facts, or includes forged or altered documents or photos, "
    "permission may be refused by law. Permission already granted may be annulled or revoked.",
)
_ZH_HANS: Final = (
    "内政部移民署（以下称本署）为受理您的入出境许可证申请，须收集您的个人资料。依个人资料保护法第 8 条规定，告知下列事项：",
    {
        "收集机关": "：内政部移民署。",
        "收集之目的": "：办理陆生就学入出境许可证之申请、审核、收费、发证及后续管理。",
        "个人资料之类别": "：姓名、性别、出生日期、证件号码、照片、联系方式、就学资料、健康检查合格证明，"
        "以及您在申请书填写或上传的其他资料。",
        "利用之期间、地区、对象及方式": "：自申请时起至档案保存期限届满止，于台湾地区，"
        "由本署及依法有权之机关、您就读之学校，以书面或电子方式利用。",
        "您的权利": "：您得依个人资料保护法第 3 条，请求查询、查阅、制给复印本、补充、更正、停止收集、处理、利用或删除。",
        "不提供之影响": "：您得自由选择是否提供；不提供或资料不正确时，本署将无法受理或核准您的申请。",
    },
    "申请资料如有虚伪陈述、隐瞒重要事实，或提供伪造、变造之文书或照片，依法得不予许可；已许可者，得撤销或废止之。",
)


def _html(before: str, items: dict[str, str], after: str) -> str:
    listed = "".join(f"<li><b>{name}</b>{said}</li>" for name, said in items.items())
    return f"<p>{before}</p><ol>{listed}</ol><p>{after}</p>"


DECLARATION: Final = {
    "title": "使用聲明事項",
    "title_en": "Terms of use",
    "title_zh_hans": "使用声明事项",
    "text": _html(*_ZH_HANT),
    "text_en": _html(*_EN),
    "text_zh_hans": _html(*_ZH_HANS),
}
