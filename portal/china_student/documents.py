"""Documents 應檢附文件 that several of 陸生's applications ask for (domain.md 1.6)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import Answers, DocumentSlot

# 身分證及護照上不能加上任何字句或圖樣 (manual, chapter 3).
NO_MARKS = _("文件須清晰，證件上不能加上任何字句或圖樣，如：影印本/COPY 等。")

PHOTO = DocumentSlot(
    "photo",
    _("照片"),
    _(
        "2 年內所拍攝之白色背景、正面、脫帽、五官清晰彩色照片，露出雙耳及眉毛，不露齒，不戴有色眼鏡；"
        "寬 413 × 高 531 像素以上，不得修改或合成。"
    ),
    max_files=1,
    photo=True,
    reuse_days=180,  # taken within two years, and nobody knows which day of them
)
# Of who applies with a permit that was issued here: the photo of that one is printed again.
PHOTO_UNLESS_ON_FILE = replace(PHOTO, condition=_("變更照片，或無照片可沿用者檢附"))
# What stands on a paper; a form asks for some of it.
ON_ENROLMENT = ("school_name", "department", "degree", "student_no", "enrolled_on", "expected_graduation")
ON_TRAVEL_DOCUMENT = ("travel_document_no", "travel_document_expiry", "chinese_name", "english_name", "birth_date", "birth_place")
ON_PERSON_ID = ("person_id", "chinese_name", "gender", "birth_date")
ON_PERMIT = ("ui_no", "stay_until")

ENROLMENT = DocumentSlot(
    "enrolment",
    _("在學證明或已註冊學生證正反面"),
    _("文件須清晰；學生證須蓋有本學期註冊章。"),
    reuse_days=60,
    proves=ON_ENROLMENT,
)
TRAVEL_DOCUMENT = DocumentSlot(
    "travel-document", _("大陸居民往來台灣通行證正反面"), NO_MARKS, reuse_days=365, proves=ON_TRAVEL_DOCUMENT
)
PERSON_ID = DocumentSlot("person-id", _("大陸居民身分證正反面"), NO_MARKS, reuse_days=365, proves=ON_PERSON_ID)
PERMIT = DocumentSlot("permit", _("現持多次入出境許可證"), NO_MARKS, reuse_days=180, proves=ON_PERMIT)
OTHER = DocumentSlot("other", _("其他相關證明文件"), required=False, max_files=5)


def with_photo_on_file(slots: tuple[DocumentSlot, ...], answers: Answers) -> tuple[DocumentSlot, ...]:
    """A photo is needed once: the one that an earlier application brought is printed again, unless a new one comes."""
    if not answers.get("photo_on_file"):
        return slots
    return tuple(replace(slot, required=False) if slot.photo else slot for slot in slots)
