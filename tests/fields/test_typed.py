"""What typed text is cleaned to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.fields.form_fields import clean_email, clean_mobile
from portal.fields.typed import Shape, cleaned


@pytest.mark.parametrize(
    ("shape", "typed", "kept"),
    [
        (Shape.VALUE, "alitest@qq.com，", "alitest@qq.com"),
        (Shape.VALUE, "a@qq.com\u3000b", "a@qq.com b"),
        (Shape.VALUE, "a＠163．com", "a@163.com"),
        (Shape.VALUE, "xiao\u200bming", "xiaoming"),
        (Shape.VALUE, "\u202d0912–345–678\u202c", "0912–345–678"),
        (Shape.LINE, "資訊工程\u202e學系（碩士班）", "資訊工程學系（碩士班）"),
        (Shape.LINE, "ＥＥ　１０１，", "EE 101"),
        (Shape.LINE, "葛\U000e0100", "葛\U000e0100"),  # its form is drawn
        (Shape.PROSE, "一、請補件，\r\n　謝謝。\u200b ", "一、請補件，\n　謝謝。"),
        (Shape.EXACT, " cafe\u0301\u200b ", " café "),
    ],
)
def test_what_is_kept(shape: Shape, typed: str, kept: str) -> None:
    assert cleaned(typed, shape) == kept


@pytest.mark.parametrize("shape", list(Shape))
@given(typed=st.text())
def test_cleaning_twice_is_cleaning_once(shape: Shape, typed: str) -> None:
    once = cleaned(typed, shape)
    assert cleaned(once, shape) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912-345-678", "0912345678"),
        ("\u202d0912–345–678\u202c", "0912345678"),
        ("886912345678", "0912345678"),
        ("+886 (0)912 345 678", "0912345678"),
        ("00886912345678", "0912345678"),
        ("0086 138 1234 5678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("＋８６１３８１２３４５６７８", "+8613812345678"),
        ("13812345678", "13812345678"),
        ("00852 9123 4567", "+85291234567"),
    ],
)
def test_a_telephone_number_has_one_form(typed: str, kept: str) -> None:
    assert clean_mobile(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<Ali.Test@QQ.com>", "Ali.Test@qq.com"),
        ("mailto:a@qq.com", "a@qq.com"),
        ("a@qq。com", "a@qq.com"),
        ("a@例子.台灣", "a@xn--fsqu00a.xn--kpry57d"),
        ("a@qq.com b", "a@qq.com b"),
        ("a@-qq.com", "a@-qq.com"),
    ],
)
def test_an_address_is_written_as_mail_servers_know_it(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept
