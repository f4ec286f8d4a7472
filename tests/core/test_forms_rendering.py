"""Every form of the portal draws its fields through templates/django/forms/."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import SimpleTestCase

from portal.core.templatetags.wording import naming

markup = SimpleTestCase()


class PaperForm(forms.Form):
    """Made up: one field of each sort."""

    number = forms.CharField(label="許可證號碼", help_text="12 位數字", error_messages={"required": "請輸入許可證號碼"})
    nickname = forms.CharField(label="別名", required=False)
    gender = forms.ChoiceField(
        label="性別", choices=[("0", "男"), ("1", "女")], widget=forms.RadioSelect, error_messages={"required": "請選擇性別"}
    )
    agree = forms.BooleanField(label="我同意上述條款")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("nickname") == "衝突":
            raise forms.ValidationError("別名與姓名衝突")


REQUIRED = '<span class="required" aria-hidden="true">*</span><span class="visually-hidden">（必填）</span>'


def test_a_required_field_says_so_to_eyes_and_ears_and_names_its_hint() -> None:
    markup.assertHTMLEqual(
        PaperForm()["number"].as_field_group(),
        f"""<div class="field"><label for="id_number">許可證號碼{REQUIRED}</label>
        <p class="hint" id="id_number_helptext">12 位數字</p>
        <input type="text" name="number" required aria-describedby="id_number_helptext" id="id_number"></div>""",
    )


def test_an_optional_field_carries_no_mark() -> None:
    markup.assertHTMLEqual(
        PaperForm()["nickname"].as_field_group(),
        '<div class="field"><label for="id_nickname">別名</label><input type="text" name="nickname" id="id_nickname"></div>',
    )


def test_an_error_stands_between_hint_and_field_and_is_described() -> None:
    markup.assertHTMLEqual(
        PaperForm({"number": ""})["number"].as_field_group(),
        f"""<div class="field field-invalid"><label for="id_number">許可證號碼{REQUIRED}</label>
        <p class="hint" id="id_number_helptext">12 位數字</p>
        <ul class="errorlist" id="id_number_error"><li><span class="visually-hidden">錯誤：</span>請輸入許可證號碼</li></ul>
        <input type="text" name="number" required aria-invalid="true"
        aria-describedby="id_number_helptext id_number_error" id="id_number"></div>""",
    )


def test_what_was_typed_stays() -> None:
    assert 'value="115000000015"' in PaperForm({"number": "115000000015"})["number"].as_field_group()


def test_choices_are_grouped_under_a_legend() -> None:
    markup.assertHTMLEqual(
        PaperForm({})["gender"].as_field_group(),
        f"""<div class="field field-invalid"><fieldset class="fieldset" aria-describedby="id_gender_error">
        <legend>性別{REQUIRED}</legend>
        <ul class="errorlist" id="id_gender_error"><li><span class="visually-hidden">錯誤：</span>請選擇性別</li></ul>
        <div id="id_gender">
        <div><label for="id_gender_0"><input type="radio" name="gender" value="0" required aria-invalid="true" id="id_gender_0">
        男</label></div>
        <div><label for="id_gender_1"><input type="radio" name="gender" value="1" required aria-invalid="true" id="id_gender_1">
        女</label></div></div></fieldset></div>""",
    )


def test_a_tick_box_stands_before_its_label() -> None:
    markup.assertHTMLEqual(
        PaperForm()["agree"].as_field_group(),
        f"""<div class="field"><div class="check"><input type="checkbox" name="agree" required id="id_agree">
        <label for="id_agree">我同意上述條款{REQUIRED}</label></div></div>""",
    )


def test_a_whole_form_draws_its_fields_in_order_and_the_hidden_ones() -> None:
    drawn = PaperForm().as_div()
    assert [drawn.index(f'for="id_{name}') for name in ["number", "nickname", "gender", "agree"]] == sorted(
        drawn.index(f'for="id_{name}') for name in ["number", "nickname", "gender", "agree"]
    )
    assert '<input type="hidden" name="token" id="id_token">' in drawn


def test_the_summary_repeats_each_error_and_links_to_its_field() -> None:
    drawn = render_to_string("portal/components/error_summary.html", {"form": PaperForm({"nickname": "衝突", "agree": "on"})})
    markup.assertHTMLEqual(
        drawn,
        """<div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title">
        <h2 id="error-summary-title">資料有誤，請修正後再送出</h2><ul>
        <li>別名與姓名衝突</li>
        <li><a href="#id_number">請輸入許可證號碼</a></li>
        <li><a href="#id_gender_0">請選擇性別</a></li></ul></div>""",
    )


@pytest.mark.parametrize(
    ("error", "label", "said"),
    [
        ("日期不可晚於今天", "入學日期（西元）", "入學日期：日期不可晚於今天"),
        ("請輸入入學日期", "入學日期（西元）", "請輸入入學日期"),
        ("Enter the mobile number", "Mobile number", "Enter the mobile number"),
        ("請輸入大陸（海外）地址", "大陸（海外）地址", "請輸入大陸（海外）地址"),
        ("至少 8 個字元", "新密碼（必填）", "新密碼：至少 8 個字元"),
        ("兩次輸入的密碼不相同", "", "兩次輸入的密碼不相同"),
    ],
)
def test_a_message_away_from_its_field_names_it_once(error: str, label: str, said: str) -> None:
    form = type("LabelledForm", (forms.Form,), {"field": forms.CharField(label=label)})()
    assert naming(error, form["field"]) == said


def test_two_fields_that_differ_in_brackets_only_keep_them() -> None:
    days = {"first": forms.DateField(label="送件日期（起）"), "last": forms.DateField(label="送件日期（迄）")}
    form = type("PeriodForm", (forms.Form,), days)()
    assert [naming("日期格式不正確", form[name]) for name in ("first", "last")] == [
        "送件日期（起）：日期格式不正確",
        "送件日期（迄）：日期格式不正確",
    ]


def test_a_form_without_errors_has_no_summary() -> None:
    assert render_to_string("portal/components/error_summary.html", {"form": PaperForm()}).strip() == ""
