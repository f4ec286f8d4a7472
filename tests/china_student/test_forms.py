"""The application form of 陸生換發多次證申請: what it takes, what it finds fault with, and in which words."""

import datetime as dt
from typing import Any

import pytest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from portal.accounts.models import User
from portal.china_student.family import ASKED
from portal.china_student.kinds.multiple_entry import MultipleEntry, MultipleEntryForm
from portal.fields.names import is_han, simplified
from portal.forms.application import Mode
from portal.forms.presentation import answer, sections
from portal.records.models import School
from portal.records.protocol import Match
from tests.forms.answers import ANSWERS

from .test_rules import WANG, permit

TODAY = dt.date(2026, 11, 23)
USER = User(username="xiaoming", email="xiaoming@example.test", mobile="0912345678")
PREFILL = MultipleEntryForm.prefill(Match(WANG, permit()), USER)


def form(**changes: str | None) -> MultipleEntryForm:
    """The form answered well, except for `changes` (None: left out)."""
    answers: dict[str, Any] = {name: [value] for name, value in {**ANSWERS, **changes}.items() if value is not None}
    return MultipleEntryForm(MultiValueDict(answers), initial=PREFILL, today=TODAY)


def errors(**changes: str | None) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in form(**changes).errors.items()}


def test_the_good_answers_are_good() -> None:
    assert errors() == {}


def test_what_the_records_and_the_account_say_is_filled_in() -> None:
    assert {
        **{name: value for name, value in ANSWERS.items() if name in PREFILL},
        "ui_no": "A890000002",
        "school_name": "國立臺灣大學",
        "email": "xiaoming@example.test",
    } == PREFILL
    assert {"chinese_name", "person_id", "entered_on", "mobile", "degree"} <= PREFILL.keys()


def test_the_school_is_called_as_the_reader_calls_it(db: None) -> None:
    School.objects.update_or_create(name="國立臺灣大學", defaults={"name_en": "National Taiwan University"})
    shown = MultipleEntryForm(initial=PREFILL, today=TODAY)
    with override("en"):
        assert "National Taiwan University" in str(shown["school_name"])
        assert answer(MultipleEntry(), "school_name", PREFILL).value == "National Taiwan University"
    assert "國立臺灣大學" in str(shown["school_name"])


def test_every_field_stands_in_one_section() -> None:
    named = [name for section in MultipleEntryForm.sections for name in section.fields]
    assert sorted(named) == sorted(MultipleEntryForm.base_fields)


REQUIRED = [
    *(("chinese_name", "請輸入中文姓名"), ("english_name", "請輸入英文姓名"), ("gender", "請選擇性別")),
    *(("birth_date", "請輸入出生日期（西元）"), ("birth_place", "請選擇出生地"), ("person_id", "請輸入大陸居民身分證號")),
    *(("travel_document_no", "請輸入大陸居民往來台灣通行證號碼"), ("travel_document_expiry", "請輸入通行證效期（西元）")),
    *(
        ("other_passport", "請選擇是否具其他國籍護照"),
        ("department", "請輸入系所"),
        ("degree", "請選擇學制"),
        ("student_no", "請輸入學號"),
    ),
    *(
        ("enrolled_on", "請輸入入學日期（西元）"),
        ("entered_on", "請輸入入境日期（西元）"),
        ("health_check_hospital", "請輸入健檢醫院"),
    ),
    *(
        ("health_check_date", "請輸入健檢日期（西元）"),
        ("health_checked", "請選擇是否為復學，且就學期間已繳交過健康檢查合格證明"),
        ("city", "請選擇縣市"),
        ("township", "請選擇鄉鎮市區"),
        ("road", "請輸入街、路段"),
    ),
    *(("number", "請輸入門牌號樓室"), ("mobile", "請輸入在臺手機"), ("home_address", "請輸入大陸（海外）地址")),
    *(("emergency_name", "請輸入緊急聯絡人姓名"), ("emergency_relation", "請輸入緊急聯絡人關係")),
    *(
        ("emergency_phone", "請輸入緊急聯絡人電話"),
        ("spouse_of_taiwanese", "請選擇是否為臺灣人民配偶"),
        ("party_role", "請選擇黨政軍職務"),
    ),
]


@pytest.mark.parametrize("missing", ["", None])
@pytest.mark.parametrize(("name", "message"), REQUIRED)
def test_each_required_field_is_asked_for_by_its_name(name: str, message: str, missing: str | None) -> None:
    assert errors(**{name: missing}) == {name: [message]}


@pytest.mark.parametrize(
    "name",
    ["former_name", "expected_graduation", "village", "neighborhood", "lane", "alley", "phone", "home_mobile", "party_post"],
)
def test_the_others_may_stay_empty(name: str) -> None:
    assert errors(**{name: ""}) == {}


# Names


@pytest.mark.parametrize("name", ["陳美玲", "歐陽䶮", "阿不都熱依木·買買提", "張𠅤", "李堃", "王喆", "朱祐樘"])
def test_traditional_han_names_are_taken(name: str) -> None:
    assert errors(chinese_name=name) == {}


@pytest.mark.parametrize("name", ["WANG XIAOMING", "王 Xiaoming", "王小明1", "わたし"])
def test_latin_and_other_scripts_are_no_chinese_name(name: str) -> None:
    assert errors(chinese_name=name) == {"chinese_name": ["中文姓名請以正體中文填寫"]}


@pytest.mark.parametrize(("name", "which", "offer"), [("张伟", "张、伟", "張偉"), ("陈麗", "陈", "陳麗")])
def test_simplified_characters_are_refused_and_the_others_offered(name: str, which: str, offer: str) -> None:
    said = f"請以正體中文填寫：「{which}」是簡體字。正體可能是「{offer}」，請核對後改填"
    assert errors(chinese_name=name) == {"chinese_name": [said]}


def test_a_name_as_it_stands_in_the_records_is_right() -> None:
    answers: Any = MultiValueDict({name: [value] for name, value in {**ANSWERS, "chinese_name": "张伟"}.items()})
    assert MultipleEntryForm(answers, initial={**PREFILL, "chinese_name": "张伟"}, today=TODAY).is_valid()


def test_han_and_simplified() -> None:
    assert [is_han(c) for c in "王䶮𠅤A·あ"] == [True, True, True, False, False, False]
    assert [bool(simplified(c)) for c in "张張群堃䶮"] == [True, False, False, False, False]


def test_an_english_name_becomes_upper_case_and_half_width() -> None:
    answered = form(english_name="ｗａｎｇ, xiao-ming")
    assert answered.is_valid()
    assert answered.cleaned_data["english_name"] == "WANG, XIAO-MING"


def test_an_english_name_is_latin() -> None:
    assert errors(english_name="王") == {"english_name": ["英文姓名請以大寫英文字母填寫"]}


# Numbers


@pytest.mark.parametrize(
    "text", ["310104200405060010", "３１０１０４２００４０５０６００１０", " 310104 20040506 0010", "310104-20040506-0010"]
)
def test_a_person_id_is_read_whatever_the_keyboard(text: str) -> None:
    answered = form(person_id=text)
    assert answered.is_valid()
    assert answered.cleaned_data["person_id"] == "310104200405060010"


def test_a_person_id_has_a_check_digit() -> None:
    assert errors(person_id="310104200405060018") == {"person_id": ["大陸居民身分證號不正確，請再核對一次"]}


def test_a_person_id_agrees_with_birth_date_and_gender() -> None:
    assert errors(birth_date="2004/5/7") == {"person_id": ["大陸居民身分證號與出生日期不符"]}
    assert errors(gender="1") == {"person_id": ["大陸居民身分證號與性別不符"]}
    assert errors(person_id="11010519491231002x", birth_date="1949/12/31", gender="1") == {}


def test_a_person_without_a_person_id_says_so_and_what_stands_there_is_no_answer() -> None:
    for typed in ("", "310104200405060010", "wrong"):
        answered = form(person_id=typed, no_person_id="on")
        assert answered.is_valid()
        assert "person_id" not in answered.answers()


def test_a_travel_document_is_l_or_t_and_eight_digits() -> None:
    answered = form(travel_document_no="ｔ1234 5678")
    assert answered.is_valid()
    assert answered.cleaned_data["travel_document_no"] == "T12345678"
    message = "大陸居民往來台灣通行證號碼不正確，應為 L 或 T 開頭及 8 位數字"
    assert errors(travel_document_no="C12345678") == {"travel_document_no": [message]}


@pytest.mark.parametrize(("name", "label"), [("neighborhood", "鄰"), ("lane", "巷"), ("alley", "弄")])
def test_a_number_of_an_address_is_digits(name: str, label: str) -> None:
    assert errors(**{name: "１２"}) == {}
    assert errors(**{name: "abc"}) == {name: [f"{label}請只填數字，例如 12"]}


def test_a_long_line_says_how_long_it_may_be() -> None:
    help_of = {name: str(field.help_text) for name, field in MultipleEntryForm.base_fields.items()}
    assert (help_of["home_address"], help_of["party_post"]) == ("最多 120 個字。", "曾任或現任者必填。最多 120 個字。")


@pytest.mark.parametrize("typed", ["0912345678", "+886 912 345 678", "８８６９１２３４５６７８"])
def test_a_mobile_in_taiwan_is_kept_in_one_form(typed: str) -> None:
    answered = form(mobile=typed)
    assert answered.is_valid()
    assert answered.answers()["mobile"] == "0912345678"


@pytest.mark.parametrize("typed", ["+8613812345678", "13812345678", "+85261234567"])
def test_a_mobile_of_elsewhere_is_said_where_it_belongs(typed: str) -> None:
    said = "在臺手機請輸入 09 開頭的 10 位數字，例如 0912345678；其他地區的號碼請填在「居住地手機」，並勾選「無在臺聯絡手機號碼」"
    assert errors(mobile=typed) == {"mobile": [said]}
    assert errors(home_mobile=typed, mobile="", no_mobile="on") == {}


@pytest.mark.parametrize(
    ("mobile", "known"),
    [
        ("0912345678", {"mobile": "0912345678"}),
        ("+8613812345678", {"home_mobile": "+8613812345678"}),
        ("", {"mobile": ""}),
    ],
)
def test_the_accounts_mobile_stands_where_it_is_taken(mobile: str, known: dict[str, str]) -> None:
    prefill = MultipleEntryForm.prefill(Match(WANG, permit()), User(mobile=mobile))
    assert {name: value for name, value in prefill.items() if name in ("mobile", "home_mobile")} == known


def test_a_mobile_or_the_word_that_there_is_none() -> None:
    assert errors(mobile="", no_mobile="on") == {}
    assert errors(mobile="0912-345-678") == {}
    assert list(errors(mobile="12")) == ["mobile"]
    answered = form(mobile="12", no_mobile="on")
    assert answered.is_valid()
    assert "mobile" not in answered.answers()


# Dates


@pytest.mark.parametrize("text", ["20040506", "2004-5-6", "2004/05/06", "２００４年５月６日", "2004.5.6"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    answered = form(birth_date=text)
    assert answered.is_valid()
    assert answered.answers()["birth_date"] == "2004-05-06"


@pytest.mark.parametrize(
    ("name", "label"), [("enrolled_on", "入學日期"), ("entered_on", "入境日期"), ("health_check_date", "健檢日期")]
)
def test_what_has_happened_has_happened_by_today(name: str, label: str) -> None:
    assert errors(**{name: "2026/11/23"}) == {}
    assert errors(**{name: "2026/11/24"}) == {name: [f"{label}不可晚於今天"]}


def test_a_travel_document_past_its_date() -> None:
    assert errors(travel_document_expiry="2026/11/23") == {}
    assert errors(travel_document_expiry="2026/11/22") == {"travel_document_expiry": ["通行證效期已過"]}


def test_dates_of_study_follow_each_other() -> None:
    assert errors(enrolled_on="2004/5/6") == {"enrolled_on": ["入學日期須晚於出生日期"]}
    assert errors(expected_graduation="2026/9/1") == {"expected_graduation": ["預計畢業日期須晚於入學日期"]}


# What one answer makes necessary


def test_another_passport_is_described() -> None:
    assert errors(other_passport="Y") == {
        "other_nationality": ["請輸入其他國籍"],
        "other_passport_no": ["請輸入其他國籍護照號碼"],
        "other_passport_expiry": ["請輸入其他國籍護照效期（西元）"],
    }
    assert errors(other_passport="Y", other_nationality="新加坡", other_passport_no="K1", other_passport_expiry="2030/1/1") == {}


@pytest.mark.parametrize(("role", "asked"), [("never", False), ("former", True), ("current", True)])
def test_a_party_post_is_named_and_may_be_sent(role: str, asked: bool) -> None:
    assert errors(party_role=role) == ({"party_post": ["請輸入任職機關、團體及職務"]} if asked else {})
    assert errors(party_role=role, party_post="某機關") == {}  # an officer decides


def test_who_comes_back_and_handed_in_a_health_check_needs_none() -> None:
    answered = form(health_checked="Y", health_check_hospital="", health_check_date="2099/1/1")
    assert answered.is_valid()
    assert {"health_check_hospital", "health_check_date"}.isdisjoint(answered.answers())
    assert errors(health_checked="N", health_check_hospital="", health_check_date="") == {
        "health_check_hospital": ["請輸入健檢醫院"],
        "health_check_date": ["請輸入健檢日期（西元）"],
    }


@pytest.mark.parametrize(("relative", "who"), [("father", "父"), ("mother", "母"), ("spouse", "配偶"), ("child1", "子女一")])
def test_a_relative_who_lives_is_named(relative: str, who: str) -> None:
    alive = {f"{relative}_status": "1", f"{relative}_name": "", f"{relative}_address": ""}
    assert errors(**alive, **{f"{relative}_same_address": "on"}) == {f"{relative}_name": [f"請輸入{who}姓名"]}
    assert errors(**{**alive, f"{relative}_name": "某某"}, **{f"{relative}_same_address": None}) == {
        f"{relative}_address": [f"請輸入{who}現居地址"]
    }
    assert errors(**{**alive, f"{relative}_status": "2"}) == {}


def test_whether_each_parent_lives_is_asked_and_of_others_nothing_must_be_said() -> None:
    assert errors(father_status="", mother_status="") == {
        "father_status": ["請選擇父存歿"],
        "mother_status": ["請選擇母存歿"],
    }
    assert errors(spouse_status="", child1_status="", child2_status="") == {}


def test_nobody_is_born_tomorrow() -> None:
    assert errors(father_birth_date="2026/11/23") == {}
    assert errors(father_birth_date="2026/11/24") == {"father_birth_date": ["父出生日期不可晚於今天"]}


@pytest.mark.parametrize("role", ["", "two", "never,former"])
def test_exactly_one_of_the_three(role: str) -> None:
    assert list(errors(party_role=role)) == ["party_role"]


# The address


@pytest.mark.parametrize(("city", "township"), [("1", "臺北市中正區"), ("9", "臺中市大安區"), ("22", "連江縣東引鄉")])
def test_a_district_of_the_city_is_taken(city: str, township: str) -> None:
    answered = form(city=city, township=township)
    assert answered.is_valid()
    assert (answered.answers()["city"], answered.answers()["township"]) == (city, township)


def test_a_district_of_another_city_is_refused() -> None:
    assert errors(city="9") == {"township": ["鄉鎮市區不屬於所選縣市"]}
    assert errors(city="") == {"city": ["請選擇縣市"]}


def test_a_district_typed_before_there_was_a_list_is_asked_for_again() -> None:
    assert errors(township="大安區") == {"township": ["請選擇鄉鎮市區"]}
    answers: Any = MultiValueDict({name: [value] for name, value in {**ANSWERS, "township": "大安區"}.items()})
    shown = MultipleEntryForm(answers, initial=PREFILL, today=TODAY, checked=False)
    assert " selected" not in str(shown["township"])


# Read-only


def test_the_school_comes_from_the_records_whatever_is_posted() -> None:
    answered = form(school_name="別的學校", ui_no="A123456789", email="other@example.test")
    assert answered.is_valid()
    assert {name: answered.answers()[name] for name in ("school_name", "ui_no", "email")} == {
        "school_name": "國立臺灣大學",
        "ui_no": "A890000002",
        "email": "xiaoming@example.test",
    }


def test_a_form_that_is_only_shown_is_neither_right_nor_wrong() -> None:
    shown = MultipleEntryForm(MultiValueDict({"road": ["x"]}), initial=PREFILL, today=TODAY, checked=False)
    assert (shown.errors, shown.is_valid(), shown["road"].value()) == ({}, False, "x")


# In words


def test_the_answers_in_words() -> None:
    answered = form(party_role="former", party_post="某機關")
    assert answered.is_valid()
    said = sections(MultipleEntry(), answered.answers())
    assert [str(section.title) for section in said] == [
        *("申請人資料", "證件資料", "就學資料", "入境及健康檢查", "在臺地址", "聯絡方式", "親屬狀況", "聲明")
    ]
    words = {row.name: str(row.value) for section in said for row in section.rows}
    assert MultipleEntryForm.base_fields.keys() - words.keys() == {  # what was not asked
        *("other_nationality", "other_passport_no", "other_passport_expiry", "father_address"),
        *(f"{relative}_{what}" for relative in ("mother", "spouse", "child1", "child2") for what in ASKED),
    }
    assert {
        name: words[name] for name in ("gender", "birth_date", "degree", "city", "township", "no_mobile", "lane", "school_name")
    } == {
        "gender": "男",
        "birth_date": "2004/05/06",
        "degree": "學士班",
        "city": "臺北市",
        "township": "大安區",
        "no_mobile": "否",
        "lane": "—",
        "school_name": "國立臺灣大學",
    }
    assert words["party_role"].startswith("申請人曾任大陸地區黨務")


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", ["台北市", "大安区"]), ("en", ["Taipei City", "Da’an Dist."])])
def test_the_address_is_read_in_the_readers_language(language: str, expected: list[str]) -> None:
    with override(language):
        read = [str(answer(MultipleEntry(), name, ANSWERS).value) for name in ("city", "township")]
    assert read == expected


def test_a_district_that_an_older_form_took_is_read_as_it_was_typed() -> None:
    assert answer(MultipleEntry(), "township", {"township": "大安區"}).value == "大安區"


def test_answers_that_an_older_form_left_out_are_shown_as_nothing() -> None:
    assert {row.value for section in sections(MultipleEntry(), {}) for row in section.rows} == {"—", "否"}


def test_a_read_only_form_asks_for_no_documents() -> None:
    assert MultipleEntryForm(mode=Mode.READ_ONLY, kind=MultipleEntry()).document_fields() == []
