"""What the components of /demo/components/ are shown with: made-up values, and one form with every sort of field."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import AccountForm
from portal.captcha.challenges import CaptchaField
from portal.cases import kinds
from portal.cases.kinds import CaseKind, DocumentSlot, Fee
from portal.cases.states import PUBLIC_LABELS, Status
from portal.core.categories import StrOrPromise, StudentCategory
from portal.editorial.snippets import Announcement
from portal.fields.form_fields import GregorianDateField, MobileField, PasswordField
from portal.forms.application import RecordField
from portal.forms.slots import SlotField, SlotFile
from portal.records.school_field import SchoolField

AT = dt.datetime(2026, 9, 1, 1, 30, tzinfo=dt.UTC)
NUMBER = "115000000012"
HINT = _("這是提示：說明要填什麼、從哪裡找到。")
TEXT = _("這是一段內文，用來看出行距、字距與標點。申請案件送出後，可隨時登入查看進度；需要補正時，會以 Email 通知。")
PHOTO = DocumentSlot("photo", _("照片"), help=HINT, photo=True)
OTHER = DocumentSlot("other", _("其他相關證明文件"), required=False)
LEVELS = ("info", "success", "warning", "danger")
BUTTONS = ("", "button-secondary", "button-danger", "button-small", "button-secondary button-small")
STEPS = (_("使用聲明事項"), _("許可證號碼"), _("填寫申請書"), _("確認送出"))
YES_NO = [("1", _("是")), ("0", _("否"))]


class EveryField(AccountForm):
    """One field of every sort; the required ones carry a mark, some a hint."""

    line = forms.CharField(label=_("文字"), help_text=HINT)
    line_optional = forms.CharField(label=_("文字（選填）"), required=False)
    password = PasswordField(label=_("密碼"), autocomplete="off")
    email = forms.EmailField(label=_("Email 信箱"), help_text=HINT)
    mobile = MobileField(label=_("手機"), widget=forms.TextInput({"type": "tel"}))
    born = GregorianDateField(label=_("出生日期（西元）"), help_text=_("例如 20040506 或 2004/5/6。"))
    day = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    count = forms.IntegerField(label=_("數量"), min_value=1, max_value=9)
    words = forms.CharField(label=_("多行文字"), widget=forms.Textarea({"rows": 4}), help_text=HINT)
    choice = forms.ChoiceField(label=_("下拉選單"), choices=[("", _("請選擇")), *Status.choices])
    school = SchoolField(label=_("就讀學校"))
    one = forms.ChoiceField(label=_("單選"), choices=YES_NO, widget=forms.RadioSelect, help_text=HINT)
    several = forms.MultipleChoiceField(label=_("複選"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label=_("同意上述條款"))
    locked = forms.CharField(label=_("唯讀欄位"), required=False, widget=forms.TextInput({"readonly": True}), initial=NUMBER)
    record = RecordField(label=_("由系統帶入的資料"), help_text=HINT)
    captcha = CaptchaField()

    def __init__(self, *args: Any, files: tuple[SlotFile, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[PHOTO.field_name] = SlotField(PHOTO, files)
        self.fields[OTHER.field_name] = SlotField(OTHER)
        if self.is_bound:
            captcha = self.fields["captcha"]
            assert isinstance(captcha, CaptchaField)  # noqa: S101
            captcha.ask(1)  # as after many failures

    def plain_fields(self) -> list[forms.BoundField]:
        """All but the upload slots."""
        return [field for field in self if not isinstance(field.field, SlotField)]

    def document_fields(self) -> list[forms.BoundField]:
        """The upload slots."""
        return [field for field in self if isinstance(field.field, SlotField)]


FILLED = {
    "line": _("填好的文字"),
    "email": "xiaoming@example.test",
    "mobile": "0912345678",
    "born": "2004/5/6",
    "day": dt.date(2026, 9, 1),
    "count": 3,
    "words": TEXT,
    "choice": Status.SUBMITTED,
    "one": "1",
    "several": ["zh-hant", "en"],
    "agree": True,
    "record": "A890000011",
}
WRONG = {"email": "xiaoming", "mobile": "09", "born": "2004/13/40", "day": "x", "count": "12", "captcha_0": "-", "captcha_1": "-"}


def every_form() -> dict[str, EveryField]:
    """The form empty, filled in, and sent with everything wrong."""
    file = SlotFile("1", "photo.jpg", 245_760, static("portal/img/mark.svg"), is_picture=True)
    blurred = SlotFile(
        "2", "photo-2.jpg", 81_920, static("portal/img/mark.svg"), is_picture=True, warnings=[_("照片可能模糊，請確認。")]
    )
    return {
        "empty": EveryField(auto_id="empty_%s"),
        "filled": EveryField(auto_id="filled_%s", initial=FILLED, files=(file, blurred)),
        "wrong": EveryField(WRONG, auto_id="wrong_%s"),
    }


def messages() -> list[Message]:
    """One message of each level."""
    levels = (constants.INFO, constants.SUCCESS, constants.WARNING, constants.ERROR)
    return [Message(level, str(TEXT)) for level in levels]


def _value(**fields: Any) -> dict[str, dict[str, Any]]:
    """Shaped like a block of a StreamField."""
    return {"value": fields}


def page_blocks() -> dict[str, Any]:
    """What editors put on public pages."""
    documents = [
        {"slot": {"label": _("照片")}, "note": HINT, "is_required": True},
        {"slot": {"label": _("其他相關證明文件")}, "note": "", "is_required": False},
    ]
    return {
        "blocks": [_value(title=title, text=TEXT) for title in (_("註冊帳號"), _("線上申辦"), _("線上繳費"), _("許可證下載"))],
        "groups": [{"kind": {"name": _("申辦項目")}, "lines": documents} for _place in range(2)],
        "fees": [
            {"fee": Fee(1000, _("多次證")), "note": HINT},
            {"fee": Fee(0, _("資料異動")), "note": ""},
        ],
        "questions": [_value(question=_("這是一個常見的問題嗎？"), answer=f"<p>{TEXT}</p>") for _place in range(3)],
        "announcements": [_announcement(level) for level in LEVELS],
        "levels": LEVELS,
        "buttons": BUTTONS,
    }


def _announcement(level: str) -> Announcement:
    """In the language of the page; the gravest only in 正體中文, to show how that is said."""
    words = {f"title{suffix}": str(_("公告")) for suffix in ("", "_en", "_zh_hans") if level != "danger" or not suffix}
    texts = {f"text{suffix}": f"<p>{TEXT}</p>" for suffix in ("", "_en", "_zh_hans") if level != "danger" or not suffix}
    return Announcement(level=level, first_published_at=AT, **words, **texts)


@dataclass(frozen=True)
class SampleCase:
    """What lists show of a case; no row stands behind it."""

    kind: CaseKind
    status: Status
    serial: int
    submitted_at: dt.datetime = AT

    @property
    def case_no(self) -> str:
        return f"{int(NUMBER) + self.serial}"

    @property
    def group_no(self) -> str:
        return f"S1150901{self.serial:04d}"

    is_blocked = False

    @property
    def public_status(self) -> StrOrPromise:
        return PUBLIC_LABELS[self.status]


def student_blocks(category: StudentCategory) -> dict[str, Any]:
    """What a student meets after log-in."""
    of_category = list(kinds.of_category(category.slug))
    cases = [SampleCase(of_category[0], status, serial) for serial, status in enumerate(Status)]
    lines = [{"case": case, "item": case.kind.fees[0].item, "amount": case.kind.fees[0].amount} for case in cases[:2]]
    return {
        "category": category,
        "cases": cases,
        "lines": lines,
        "bill": {"total": sum(line["amount"] for line in lines)},
        "tabs": [{"kind": kind, "waiting": 2 * (not place), "is_open": not place} for place, kind in enumerate(of_category)],
        "steps": [{"label": label, "here": place == 1} for place, label in enumerate(STEPS)],
        "timeline": [{"at": AT, "text": text, "note": note} for text, note in ((_("審核核准"), ""), (_("您送出了申請"), TEXT))],
        "pages": [Paginator(range(30), 10).page(number) for number in (1, 2, 3)],
    }
