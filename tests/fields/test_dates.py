"""Dates as people type them and as official papers write them; the one date field in every form."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from portal.accounts.models import User
from portal.fields import dates
from portal.fields.form_fields import GregorianDateField
from tests.every_form import NOT_OURS, all_forms, editors_forms, made
from tests.fields.test_every_field import has_model

TODAY = date(2026, 11, 23)
INVALID = "日期格式不正確，請輸入西元年月日，例如 20040506 或 2004/5/6"
ROC = "請以西元年填寫：民國 93 年是西元 2004 年，請改填 2004/5/6"


def field(**kwargs: Any) -> GregorianDateField:
    made = GregorianDateField(label="入學日期（西元）", **kwargs)
    made.today = TODAY
    return made


def refusal(text: str, **kwargs: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field(**kwargs).clean(text)
    return refused.value.messages


@pytest.mark.parametrize(
    "text",
    [
        "2004/5/6",
        "2004-05-06",
        "20040506",
        "2004.5.6.",
        "2004 5 6",
        "2004年5月6日",
        "西元2004年5月6日",
        "２００４／５／６",
        "2004–05–06，",
    ],
)
def test_every_form_of_a_day(text: str) -> None:
    assert field().clean(text) == date(2004, 5, 6)


@pytest.mark.parametrize(
    "text", ["93/5/6", "093/05/06", "0093/05/06", "民國93年5月6日", "中華民國 93 年 5 月 6 日", "930506", "0930506"]
)
def test_a_republican_year_is_said_in_western_ones(text: str) -> None:
    assert refusal(text) == [ROC]


@pytest.mark.parametrize(
    "text", ["", "soon", "6/5/2004", "2004/5", "00000000", "2004/5/6 10:00", "民國", "20040506日", "999/5/6"]
)
def test_what_is_no_date(text: str) -> None:
    assert refusal(text) == (["此欄位必填。"] if not text else [INVALID])


@pytest.mark.parametrize(
    ("text", "said"), [("2026/2/29", "2026/2/29"), ("20261301", "2026/13/1"), ("民國115年2月30日", "115/2/30")]
)
def test_a_day_that_does_not_exist_is_said(text: str, said: str) -> None:
    assert refusal(text) == [f"沒有 {said} 這一天，請再核對一次"]


def test_the_earliest_and_the_latest_plausible_day() -> None:
    span = dates.Span(back=50, ahead=20)
    assert field(span=span).clean("1976/1/1") == date(1976, 1, 1)
    assert field(span=span).clean("2046/12/31") == date(2046, 12, 31)
    assert refusal("1975/12/31", span=span) == ["入學日期不可早於 1976/01/01，請核對年份"]
    assert refusal("2047/1/1", span=span) == ["入學日期不可晚於 2046/12/31，請核對年份"]
    assert refusal("2026/11/24", span=dates.Span(ahead=0)) == ["入學日期不可晚於今天"]
    assert refusal("0115/11/12", span=span) == ["請以西元年填寫：民國 115 年是西元 2026 年，請改填 2026/11/12"]


def test_one_date_field_in_every_form(owner: User) -> None:
    """Of ours and of the admin's: a day is asked for nowhere else by another field."""
    found: dict[str, list[str]] = {}
    classes = [form for form in all_forms() if not form.__module__.startswith(NOT_OURS) and has_model(form)]
    every = {form.__qualname__: made(form, None, owner).fields for form in classes}
    for name, fields in {**every, **{name: form.base_fields for name, form in editors_forms().items()}}.items():  # type: ignore[attr-defined]
        found[name] = [each for each, field in fields.items() if isinstance(field, forms.DateField)]
        assert {type(fields[each]) for each in found[name]} <= {GregorianDateField}, name
    assert {"RegistrationForm", "DownloadQueryForm", "ProgressForm", "DaysForm", "AddedSlot"} <= {
        n for n, days in found.items() if days
    }


@pytest.mark.parametrize(
    ("day", "year", "long"),
    [
        (date(2010, 1, 2), 99, "中華民國99年1月2日"),
        (date(2011, 12, 31), 100, "中華民國100年12月31日"),
        (date(2019, 7, 10), 108, "中華民國108年7月10日"),
        (date(2026, 11, 23), 115, "中華民國115年11月23日"),
    ],
)
def test_roc_dates(day: date, year: int, long: str) -> None:
    assert (dates.roc_year(day), dates.roc_date_long(day)) == (year, long)
