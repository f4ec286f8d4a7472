"""What a method and a gateway are, and the values they speak in.

A method is what the student chooses; a gateway carries the money.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

from django import forms

from portal.core.categories import StrOrPromise
from portal.office_calendar.periods import OfficeCalendar

if TYPE_CHECKING:
    from .models import Payment

# What a student said on the page of a method; most methods ask nothing.
NOTHING_SAID: Mapping[str, str] = {}


class Refused(Exception):
    """A message that is not the gateway's, not whole, or not for us; the text says why, for the log."""


class Unavailable(Exception):
    """The gateway gave no usable answer; nothing is known."""


class NotIssued(Exception):
    """The gateway gives no code, and will not: nothing was begun with it."""


class NotRefunded(Exception):
    """The gateway does not give the money back, and says so: the cashier does it by hand."""


@dataclass(frozen=True)
class Slip:
    """繳費單: the codes to pay with elsewhere, and the last day on which they are taken.

    `codes` is what is printed, by name: `account`, or `barcode_1` to `barcode_3`. `number` (銷帳編號) is what a counter reports
    a payment by, where it does not know our reference.
    """

    codes: Mapping[str, str]
    pay_until: date
    number: str = ""

    @property
    def has_paper(self) -> bool:
        """Whether the portal prints it: an account or barcodes. Any other code is shown on the page."""
        return "account" in self.codes or "barcode_1" in self.codes


class GatewayStatus(enum.StrEnum):
    """What a gateway says of one attempt. CODE_ISSUED is no payment."""

    PAID = "paid"
    REVERSED = "reversed"
    CODE_ISSUED = "code_issued"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PENDING = "pending"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Raw:
    """A message as it came: the headers that prove it, its bytes, and when."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def repeats_a_key(self) -> bool:
        """Whether it is a form that names a field twice: which one was signed?"""
        if self.headers.get("Content-Type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return False
        keys = [key for key, _ in parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)]
        return len(keys) != len(set(keys))


@dataclass(frozen=True)
class Statement:
    """A verified message: what the gateway states about the attempt `reference`, which may be the number of its slip."""

    said: GatewayStatus
    merchant: str
    reference: str
    amount: int
    currency: str
    occurred_at: datetime
    gateway_reference: str = ""
    message: str = ""
    slip: Slip | None = None


class Outcome(enum.StrEnum):
    """What the ledger made of a message."""

    BOOKED = "booked"
    OVERPAID = "overpaid"
    LATE = "late"
    REVERSED = "reversed"
    ENDED = "ended"
    CODE_ISSUED = "code_issued"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    MISMATCH = "mismatch"
    UNKNOWN_REFERENCE = "unknown_reference"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """The exact bytes that a gateway waits for."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Redirect:
    """The browser goes to this address."""

    url: str


@dataclass(frozen=True)
class FormPost:
    """The browser posts these fields to this address."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


Start = Redirect | FormPost | Slip


class Gateway(Protocol):
    """Who carries the money. `code` stands in its addresses and on each attempt.

    `portal.payments.gateways.base` has the defaults, and says what `origin`, `ask_every` and `takes_a_reference_once` are.
    """

    code: str
    name: str
    merchant: str
    demo_only: bool
    origin: str
    ask_every: timedelta
    takes_a_reference_once: bool

    def hand_over(self, payment: "Payment", said: Mapping[str, str] = NOTHING_SAID) -> Start:
        """Where the browser goes to pay this attempt, or the slip to pay it with elsewhere.

        The same attempt leads to the same order, however often. Raises NotIssued, or Unavailable when nothing is known. Nothing
        is kept here: `operations` writes down the slip. A gateway that issues its codes later, on its own pages, states
        CODE_ISSUED with a `slip` in a message.
        """

    def read(self, raw: Raw) -> Statement:
        """The verified message, or Refused. Never asks the network."""

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        """The gateway's own answer about this attempt, to be given to `read_answer`; or Unavailable."""

    def read_answer(self, raw: Raw) -> Statement:
        """The verified answer, or Refused. Never asks the network."""

    def answer(self, outcome: Outcome) -> Answer:
        """What the gateway is answered."""

    def can_refund(self, payment: "Payment") -> bool:
        """Whether `refund` is worth a try; else the cashier gives the money back by hand."""

    def refund(self, payment: "Payment", amount: int, *, now: datetime) -> None:
        """退費 of that much. Raises NotRefunded, or Unavailable when nobody knows whether it was done."""


class Method(Protocol):
    """What the student chooses on 繳費方式. `portal.payments.methods.base` has the defaults."""

    code: str
    name: StrOrPromise
    guidance: StrOrPromise
    # What has to be said before the student leaves, on a page of its own; or nothing.
    form: type[forms.Form] | None

    def accepts(self, amount: int) -> bool:
        """Whether so much can be paid this way; else it is neither offered nor taken."""

    def handling_fees(self) -> "list[HandlingFee]":
        """手續費 of the channel, by way. It is never part of our amount."""

    def start(self, payment: "Payment", said: Mapping[str, str]) -> Start:
        """The student's next step with this attempt; `said` is the cleaned form. Raises what a gateway's `hand_over` raises."""

    def available_on(self, paid_on: date, calendar: OfficeCalendar) -> date:
        """The first day on which the receipt of what was paid on that day can be downloaded."""


@dataclass(frozen=True)
class HandlingFee:
    """手續費 of one way to pay within a method; `amount` is None where only the channel knows it."""

    way: StrOrPromise
    amount: int | None
