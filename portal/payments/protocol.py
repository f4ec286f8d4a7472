"""What a method and a gateway are, and the values they speak in.

A method is what the student chooses; a gateway carries the money.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

from portal.core.categories import StrOrPromise

if TYPE_CHECKING:
    from .models import Payment


class Refused(Exception):
    """A message that is not the gateway's, not whole, or not for us; the text says why, for the log."""


class Unavailable(Exception):
    """The gateway gave no usable answer; nothing is known."""


class GatewayStatus(enum.StrEnum):
    """What a gateway says of one attempt."""

    PAID = "paid"
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
    """A verified message: what the gateway states about the attempt `reference`."""

    said: GatewayStatus
    merchant: str
    reference: str
    amount: int
    currency: str
    occurred_at: datetime
    gateway_reference: str = ""
    message: str = ""


class Outcome(enum.StrEnum):
    """What the ledger made of a message."""

    BOOKED = "booked"
    OVERPAID = "overpaid"
    LATE = "late"
    ENDED = "ended"
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


@dataclass(frozen=True)
class Slip:
    """繳費單: a code to pay with elsewhere; the result page offers it."""

    code: str


Start = Redirect | FormPost | Slip


class Gateway(Protocol):
    """Who carries the money."""

    merchant: str
    demo_only: bool

    def hand_over(self, payment: "Payment") -> Redirect | FormPost:
        """Where the browser goes to pay this attempt. The same attempt leads to the same order, however often."""

    def read(self, raw: Raw) -> Statement:
        """The verified message, or Refused. Never asks the network."""

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        """The gateway's own answer about this attempt, to be given to `read_answer`; or Unavailable."""

    def read_answer(self, raw: Raw) -> Statement:
        """The verified answer, or Refused. Never asks the network."""

    def answer(self, outcome: Outcome) -> Answer:
        """What the gateway is notified about its message."""


class Method(Protocol):
    """What the student chooses on 繳費方式."""

    code: str
    name: StrOrPromise
    guidance: StrOrPromise

    def start(self, payment: "Payment") -> Start:
        """The student's next step with this attempt."""
