"""Blocks of which 陸生's application forms are made: each brings its fields, their sections and what is checked among them.

A kind's form inherits the blocks that it asks for, and lists their sections in the order of the page.
"""

import re
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.conditions import only_if
from portal.cases.queries import photo_on_file
from portal.core.categories import StrOrPromise
from portal.fields import names
from portal.fields.dates import Span
from portal.fields.districts import CITY_CHOICES, DISTRICTS, DistrictField
from portal.fields.form_fields import TaiwanMobileField, check_chinese_name, is_taiwan_mobile
from portal.forms.application import ApplicationForm, RecordField, Section
from portal.records.protocol import Match
from portal.records.school_field import school_in_page_language

from .choices import BIRTH_PLACES, DEGREES, GENDERS, PARTY_ROLES, YES_NO
from .fields import code, day, mobile_no, optional_number, pick, text, tick
from .identity import TRAVEL_DOCUMENT, is_person_id, is_travel_document_no

IF_OTHER_PASSPORT = _("具其他國籍護照者必填。")
OTHER_PASSPORT = ("other_nationality", "other_passport_no", "other_passport_expiry")
EMERGENCY = ("emergency_name", "emergency_relation", "emergency_phone")
BORN = Span(back=120, ahead=0)
PAPERS = Span(back=30, ahead=50)
STUDY = Span(back=50, ahead=20)
NOT_OF_TAIWAN = _(
    "在臺手機請輸入 09 開頭的 10 位數字，例如 0912345678；其他地區的號碼請填在「居住地手機」，並勾選「無在臺聯絡手機號碼」"
)
LATIN_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ ,.'-")


def one_section(title: StrOrPromise, fields: tuple[str, ...], intro: StrOrPromise = "") -> tuple[Section, ...]:
    """The sections of a block that has one."""
    return (Section(title, fields, intro),)


def plain(label: Any) -> str:
    """A label as it stands in a sentence: without 「（西元）」, in whatever language."""
    return re.split("[（(]", str(label))[0].strip()


class Block(ApplicationForm):
    """What every block has: the records and the account fill in the fields whose names they know."""

    sections: ClassVar[tuple[Section, ...]] = ()

    @classmethod
    def prefill(cls, match: Match, user: User) -> dict[str, Any]:
        who, permit = match.applicant, match.permit
        known = {
            **{name: getattr(who, name) for name in cls.base_fields if hasattr(who, name)},
            **who.papers,
            TRAVEL_DOCUMENT.expiry: who.expiry(TRAVEL_DOCUMENT.expiry),
            "entered_on": permit.entered_on,
            "stay_until": permit.stay_until,
            **({"photo_on_file": photo_on_file(user)} if "photo_on_file" in cls.base_fields else {}),
            "home_mobile" if user.mobile and not is_taiwan_mobile(user.mobile) else "mobile": user.mobile,
            "email": user.email,
        }
        return {
            name: f"{value:%Y/%m/%d}" if isinstance(value, date) else value or ""
            for name, value in known.items()
            if name in cls.base_fields
        }

    def known(self, name: str) -> Any:
        """What was answered to that field, or stands in the records where it is not asked."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        if name in self.errors or name not in self.fields:
            return None
        return self.fields[name].to_python(self.initial.get(name))

    def differs(self, name: str) -> bool:
        """Whether the answer is another than the records have."""
        return bool(self.cleaned_data.get(name) != self.fields[name].to_python(self.initial.get(name)))

    def not_in_future(self, *names: str) -> None:
        """Find fault with dates after today."""
        for name in names:
            if (value := self.cleaned_data.get(name)) and value > self.today:
                self.add_error(name, format_lazy(_("{label}不可晚於今天"), label=plain(self.fields[name].label)))

    def not_expired(self, *names: str) -> None:
        """Find fault with papers whose last day is over."""
        for name in names:
            if (value := self.cleaned_data.get(name)) and value < self.today:
                self.add_error(name, format_lazy(_("{label}已過"), label=plain(self.fields[name].label)))


class Person(Block):
    """申請人資料."""

    sections = one_section(
        _("申請人資料"),
        ("chinese_name", "former_name", "english_name", "gender", "birth_date", "birth_place", "ui_no"),
    )

    chinese_name = text(_("中文姓名"), help_text=_("請以正體中文填寫。"), autocomplete="name")
    former_name = text(_("別名／曾用名"), required=False)
    english_name = text(
        _("英文姓名"),
        length=80,
        help_text=_("與大陸居民往來台灣通行證相同，大寫字母。"),
        autocapitalize="characters",
        spellcheck="false",
    )
    gender = pick(_("性別"), GENDERS, radio=True)
    birth_date = day(_("出生日期（西元）"), span=BORN, autocomplete="bday")
    birth_place = pick(_("出生地"), BIRTH_PLACES)
    ui_no = RecordField(label=_("統一證號"))

    def clean_chinese_name(self) -> str:
        recorded: str = self.initial.get("chinese_name") or ""
        name = names.chinese(self.cleaned_data["chinese_name"])
        if name == names.chinese(recorded):  # what stands in the records is right as it is
            return recorded
        check_chinese_name(name)
        return name

    def clean_english_name(self) -> str:
        recorded: str = self.initial.get("english_name") or ""
        name = names.latin(self.cleaned_data["english_name"])
        if name == names.latin(recorded):
            return recorded
        if not LATIN_NAME.issuperset(name):
            raise ValidationError(_("英文姓名請以大寫英文字母填寫"), code="not_latin")
        return name

    def clean(self) -> None:
        self.not_in_future("birth_date")
        super().clean()


class Papers(Block):
    """證件資料."""

    sections = one_section(
        _("證件資料"),
        ("person_id", "no_person_id", "travel_document_no", "travel_document_expiry", "other_passport", *OTHER_PASSPORT),
    )

    conditions = {
        "person_id": only_if("no_person_id", False),
        **dict.fromkeys(OTHER_PASSPORT, only_if("other_passport", "Y")),
    }

    person_id = code(
        _("大陸居民身分證號"),
        _("大陸居民身分證號不正確，請再核對一次"),
        is_right=is_person_id,
        help_text=_("18 碼；沒有大陸居民身分證者免填。"),
    )
    no_person_id = tick(_("沒有大陸居民身分證"))
    travel_document_no = code(
        _("大陸居民往來台灣通行證號碼"),
        _("大陸居民往來台灣通行證號碼不正確，應為 L 或 T 開頭及 8 位數字"),
        is_right=is_travel_document_no,
        help_text=_("L 或 T 開頭，後接 8 位數字。"),
    )
    travel_document_expiry = day(_("通行證效期（西元）"), span=PAPERS)
    other_passport = pick(_("是否具其他國籍護照"), YES_NO, radio=True, initial="N")
    other_nationality = text(_("其他國籍"), help_text=IF_OTHER_PASSPORT)
    other_passport_no = text(_("其他國籍護照號碼"), length=20, help_text=IF_OTHER_PASSPORT, autocomplete="off")
    other_passport_expiry = day(_("其他國籍護照效期（西元）"), span=PAPERS, help_text=IF_OTHER_PASSPORT)

    def clean(self) -> None:
        self.not_expired("travel_document_expiry", "other_passport_expiry")
        self.check_person_id()
        super().clean()

    def check_person_id(self) -> None:
        """GB 11643: places 7 to 14 are the date of birth, an odd 17th is a man's."""
        number, born, gender = self.cleaned_data.get("person_id"), self.known("birth_date"), self.known("gender")
        if number and born and number[6:14] != f"{born:%Y%m%d}":
            self.add_error("person_id", _("大陸居民身分證號與出生日期不符"))
        if number and gender and int(number[16]) % 2 != (gender == "0"):
            self.add_error("person_id", _("大陸居民身分證號與性別不符"))


class Study(Block):
    """就學資料."""

    sections = one_section(
        _("就學資料"), ("school_name", "department", "degree", "student_no", "enrolled_on", "expected_graduation")
    )

    school_name = RecordField(label=_("就讀學校"), said=school_in_page_language)
    department = text(_("系所"))
    degree = pick(_("學制"), DEGREES)
    student_no = text(_("學號"), length=20)
    enrolled_on = day(_("入學日期（西元）"), span=STUDY)
    expected_graduation = day(_("預計畢業日期（西元）"), span=STUDY, required=False)

    def clean(self) -> None:
        self.not_in_future("enrolled_on")
        born, enrolled = self.known("birth_date"), self.cleaned_data.get("enrolled_on")
        graduation = self.cleaned_data.get("expected_graduation")
        if born and enrolled and enrolled <= born:
            self.add_error("enrolled_on", _("入學日期須晚於出生日期"))
        if enrolled and graduation and graduation <= enrolled:
            self.add_error("expected_graduation", _("預計畢業日期須晚於入學日期"))
        super().clean()


class Arrival(Block):
    """入境及健康檢查. Who comes back to the same studies 復學 and handed in a health check before needs none now."""

    sections = one_section(_("入境及健康檢查"), ("entered_on", "health_checked", "health_check_hospital", "health_check_date"))
    conditions = dict.fromkeys(("health_check_hospital", "health_check_date"), only_if("health_checked", "N"))

    entered_on = day(_("入境日期（西元）"), span=STUDY, help_text=_("許可證上入境章的日期。"))
    health_checked = pick(
        _("是否為復學，且就學期間已繳交過健康檢查合格證明"),
        YES_NO,
        radio=True,
        initial="N",
        help_text=_("復學生曾繳交者，本次免附。"),
    )
    health_check_hospital = text(_("健檢醫院"))
    health_check_date = day(_("健檢日期（西元）"), span=STUDY, help_text=_("健康檢查合格證明上的檢查日期。"))

    def clean(self) -> None:
        self.not_in_future("entered_on", "health_check_date")
        super().clean()


class Address(Block):
    """在臺地址."""

    reusable: ClassVar[tuple[str, ...]] = ("city", "township", "village", "neighborhood", "road", "lane", "alley", "number")

    sections = one_section(_("在臺地址"), ("city", "township", "village", "neighborhood", "road", "lane", "alley", "number"))

    city = pick(_("縣市"), CITY_CHOICES)
    township = DistrictField(label=_("鄉鎮市區"), city="city")
    village = text(_("村/里"), required=False, length=20)
    neighborhood = optional_number(_("鄰"))
    road = text(_("街、路段"), length=40)
    lane = optional_number(_("巷"))
    alley = optional_number(_("弄"))
    number = text(_("門牌號樓室"), length=40)

    def clean(self) -> None:
        city, township = self.cleaned_data.get("city"), self.cleaned_data.get("township")
        if city and township and DISTRICTS[township].city.code != city:
            self.add_error("township", _("鄉鎮市區不屬於所選縣市"))
        super().clean()


class Contact(Block):
    """聯絡方式."""

    sections = one_section(
        _("聯絡方式"),
        ("mobile", "no_mobile", "phone", "home_mobile", "home_address", "email", *EMERGENCY),
    )
    conditions = {"mobile": only_if("no_mobile", False)}
    reusable: ClassVar[tuple[str, ...]] = ("phone", "home_mobile", "home_address", *EMERGENCY)

    mobile = mobile_no(
        _("在臺手機"),
        help_text=_("例如 0912345678；無在臺聯絡手機號碼者免填。"),
        autocomplete="tel",
        field=TaiwanMobileField,
        error_messages={"elsewhere": NOT_OF_TAIWAN},
    )
    no_mobile = tick(_("無在臺聯絡手機號碼"))
    phone = text(_("在臺市內電話"), required=False, length=20, inputmode="tel")
    home_mobile = mobile_no(_("居住地手機（含國碼）"), required=False, help_text=_("例如 +8613812345678。"))
    home_address = text(_("大陸（海外）地址"), length=120)
    email = RecordField(label=_("Email 信箱"), help_text=_("通知信寄到註冊時的信箱。"))
    emergency_name = text(_("緊急聯絡人姓名"))
    emergency_relation = text(_("緊急聯絡人關係"), length=20)
    emergency_phone = mobile_no(_("緊急聯絡人電話"), help_text=_("手機；臺灣以外請加國碼。"))


class Statement(Block):
    """聲明: 兩岸條例, exactly one of three."""

    sections = one_section(_("聲明"), ("spouse_of_taiwanese", "party_role", "party_post"))
    conditions = {"party_post": only_if("party_role", "former", "current")}

    spouse_of_taiwanese = pick(_("是否為臺灣人民配偶"), YES_NO, radio=True, initial="N")
    party_role = pick(_("黨政軍職務"), PARTY_ROLES, radio=True, stacked=True)
    party_post = text(_("任職機關、團體及職務"), length=120, help_text=_("曾任或現任者必填。"))
