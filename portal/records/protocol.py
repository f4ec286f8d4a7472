"""What the portal may ask the agency's records, whoever keeps them."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise

# 學制, as the agency's files have it.
DEGREES = [
    ("D", "博士班"),
    ("M", "碩士班"),
    ("B", "學士班"),
    ("C", "二年制學士班"),
    ("2", "二年制副學士班"),
    ("N", "進修學制碩士班"),
]


@dataclass(frozen=True)
class ApplicantRecord:
    """One person in the agency's applicant records 署內申請人資料.

    `papers` holds the numbers and the last days (YYYY-MM-DD) of the person's papers, by the columns of the category's identity.
    """

    category: str
    ui_no: str
    chinese_name: str
    english_name: str
    gender: str  # "0" 男, "1" 女 (domain.md 1.5)
    birth_date: date
    birth_place: str  # a code of the category's
    papers: Mapping[str, str]
    school_code: str
    school_name: str
    department: str
    degree: str  # one of DEGREES
    student_no: str
    enrolled_on: date

    def expiry(self, column: str) -> date:
        """The last day of the paper with that column; raises KeyError when the records have none."""
        return date.fromisoformat(self.papers[column])


@dataclass(frozen=True)
class PermitRecord:
    """One 入出境許可證 in the agency's records.

    `previous_permit_no` is the permit with which it was applied for, `first_permit_no` the first of that chain; both are empty
    for a permit that came of none. `superseded`: another one came of it.
    """

    permit_no: str
    ui_no: str
    permit_type: str  # a code of the category's
    issued_on: date
    valid_until: date
    entered_on: date | None
    stay_until: date
    revoked: bool = False
    previous_permit_no: str = ""
    first_permit_no: str = ""
    superseded: bool = False


@dataclass(frozen=True)
class Match:
    """The records agree: this applicant holds this permit. `permits` are all that the person ever held, oldest first."""

    applicant: ApplicantRecord
    permit: PermitRecord
    permits: tuple[PermitRecord, ...] = ()


class Reason(enum.StrEnum):
    """Why a question to the records was answered with no."""

    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_NUMBER = "unknown_number"
    NOT_YOURS = "not_yours"
    NOT_ELIGIBLE = "not_eligible"
    TOO_EARLY = "too_early"
    UNAVAILABLE = "unavailable"
    TOO_MANY = "too_many"


MESSAGES: dict[Reason, StrOrPromise] = {
    Reason.UNKNOWN_PERSON: _("查無此學生資料"),
    Reason.UNKNOWN_NUMBER: _("查無此證號資料"),
    Reason.NOT_YOURS: _("帳號基資與案件資料不符"),
    Reason.NOT_ELIGIBLE: _("不符合申請條件"),
    Reason.TOO_EARLY: _("尚未到可以申請的時間"),
    Reason.UNAVAILABLE: _("目前無法查詢署內資料，請稍後再試"),
    Reason.TOO_MANY: _("查詢次數過多，請稍後再試"),
}


NOT_ONLINE: StrOrPromise = _("無法在線上申請，請儘速洽就讀學校或移民署服務站。")
# What to do then, where every kind says the same.
NEXT_STEPS: dict[Reason, StrOrPromise] = {
    Reason.UNKNOWN_NUMBER: _("請核對號碼，並確認是這項申請所要的許可證。核對無誤仍無法繼續時，請撥打諮詢專線。"),
    Reason.NOT_YOURS: _("這張許可證不屬於目前登入的帳號。請以自己的帳號及許可證辦理。"),
}


@dataclass(frozen=True)
class Refusal:
    """A no in the manual's words: `message` 訊息視窗, `detail` why in one more sentence, `opens_on` when it would be a yes,
    `next_step` what to do now.

    `words` are a kind's own, in place of those that the reason has for all; `then` is its own next step.
    """

    reason: Reason
    detail: StrOrPromise = ""
    opens_on: date | None = None
    words: StrOrPromise = ""
    then: StrOrPromise = ""

    @property
    def next_step(self) -> StrOrPromise:
        return self.then or NEXT_STEPS.get(self.reason, "")

    @property
    def message(self) -> StrOrPromise:
        return self.words or MESSAGES[self.reason]


@dataclass(frozen=True)
class Claim:
    """What a person says about themselves when registering: a 統一證號 or the number of a permit, and papers by their codes."""

    category: str
    chinese_name: str
    birth_date: date
    papers: Mapping[str, str]
    school_code: str
    ui_no: str = ""
    permit_no: str = ""


class RecordsUnavailable(Exception):
    """The records did not answer."""


class RecordSource(Protocol):
    """Where the agency's records are kept. One set of contract tests runs over every source."""

    def find_applicant(self, *, ui_no: str = "", permit_no: str = "") -> ApplicantRecord | None:
        """The person with that 統一證號, or the holder of that permit; None when there is none. Raises RecordsUnavailable."""
        ...

    def find_permit(self, permit_no: str, permit_type: str) -> PermitRecord | None:
        """The permit of that number and type; None when there is none. Raises RecordsUnavailable."""
        ...

    def permits_of(self, ui_no: str) -> tuple[PermitRecord, ...]:
        """Every permit of the person with that 統一證號, oldest first. Raises RecordsUnavailable."""
        ...

    def add_permit(self, permit: PermitRecord) -> None:
        """Take in a permit that was issued here; once it is there, it stays as it is. Raises RecordsUnavailable."""
        ...

    def correct_applicant(self, ui_no: str, changes: Mapping[str, str]) -> None:
        """Take in what an officer approved: columns of the person's record or of their papers, dates as YYYY-MM-DD.

        Doing it again changes nothing. Raises RecordsUnavailable.
        """
        ...
