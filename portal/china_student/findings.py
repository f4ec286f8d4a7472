"""What the officer has to have seen in 陸生's answers before 核准, each with its paragraph."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from portal.cases.decisions import Finding
from portal.cases.kinds import Answers

# 就讀辦法 §10 IV: 入境後七日內健康檢查; the day of entry is not counted.
HEALTH_CHECK_WITHIN: Final = timedelta(days=7)


def of(answers: Answers) -> tuple[Finding, ...]:
    """All that is found, in the order of the form."""
    return (*_other_nationality(answers), *_health_check(answers), *_party_post(answers))


def _other_nationality(answers: Answers) -> Iterator[Finding]:
    if answers.get("other_passport") == "Y":
        nationality = answers.get("other_nationality") or "未填國別"
        yield Finding("other_nationality", f"申報具其他國籍護照：{nationality}")


def _health_check(answers: Answers) -> Iterator[Finding]:
    entered, checked = _day(answers, "entered_on"), _day(answers, "health_check_date")
    if not (entered and checked):
        return
    if checked > entered + HEALTH_CHECK_WITHIN:
        days = (checked - entered).days
        yield Finding("health_check_late", f"健康檢查在入境後第 {days} 日（{checked:%Y/%m/%d}），逾 7 日（就讀辦法第10條第4項）")
    elif checked < entered:
        yield Finding("health_check_before_entry", f"健康檢查日期 {checked:%Y/%m/%d} 在入境日期 {entered:%Y/%m/%d} 之前")


def _party_post(answers: Answers) -> Iterator[Finding]:
    post = answers.get("party_post") or "未填職務"
    if answers.get("party_role") == "current":
        yield Finding("party_post_current", f"申報現任黨政軍職務：{post}（得不予許可，就讀辦法第11條第1項）")
    elif answers.get("party_role") == "former":
        yield Finding("party_post_former", f"申報曾任黨政軍職務：{post}")


def _day(answers: Answers, name: str) -> date | None:
    text = str(answers.get(name) or "").replace("/", "-")
    return date.fromisoformat(text) if text else None
