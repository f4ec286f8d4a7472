"""Bills and attempts, against a bank that answers over HTTP."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation
from django.utils.functional import lazy
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.kinds import Fee
from portal.cases.models import Case
from portal.cases.operations import expire
from portal.cases.queries import payable
from portal.cases.states import Status
from portal.payments import registry
from portal.payments.models import Bill, LedgerEvent, Notice, Payment
from portal.payments.operations import BILLS_AN_HOUR, NO_DELAY, NotPayable, TooManyAttempts, inquire, open_bill, start_payment
from portal.payments.protocol import Method, Outcome, Redirect
from portal.payments.tasks import ask_pending
from portal.sandbank import signature
from tests.factories import payments as make
from tests.factories.cases import NOW, in_status, multiple_entry
from tests.kinds import like, registered

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"  # the discard port: nobody answers


class Answers(BaseHTTPRequestHandler):
    """A bank that says what the test notified it to say, and remembers what it was asked."""

    said: bytes = b""
    status = 200
    headers_sent: dict[str, str] = {}
    asked: list[bytes] = []

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def bank(
    settings: Settings, payment: Payment, status: str, *, forged: bool = False, now: dt.datetime = NOW, **changes: object
) -> Iterator[list[bytes]]:
    """The bank says `status` of that attempt, and signs it at `now`."""
    Answers.said = make.dump(make.event(payment, status=status, **changes))
    Answers.headers_sent = {signature.HEADER: make.signed(Answers.said, now=now)[signature.HEADER][: -1 if forged else None]}
    Answers.asked, Answers.status = [], 200
    with answering(settings):
        yield Answers.asked


@contextmanager
def answering(settings: Settings) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    settings.SANDBANK_URL = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


lazystr_of_language = lazy(translation.get_language, str)


def card() -> Method:
    return registry.method("card")


def state(of: Payment | Bill) -> str:
    of.refresh_from_db()
    return of.state


def test_a_bill_holds_the_ticked_cases_and_their_fees(owner: User, three_cases: list[Case]) -> None:
    bill = open_bill(owner, three_cases[:2], now=NOW)
    assert (bill.number, bill.total, bill.state, bill.category) == ("B115-000001", 1300, "open", "china-student")
    lines = [(line.case, line.item, line.amount) for line in bill.lines.order_by("case__group_no")]
    assert lines == [(three_cases[0], "多次證", 1000), (three_cases[1], "項目1", 300)]


def test_a_bill_is_written_in_the_language_of_the_law(owner: User, case: Case) -> None:
    item = lazystr_of_language()
    with registered(like(case.kind, fees=(Fee(1000, item),))), translation.override("en"):
        assert str(item) == "en"
        bill = open_bill(owner, [case], now=NOW)
    assert bill.lines.get().item == "zh-hant"


def test_40_the_fee_is_that_of_the_approval(owner: User, case: Case) -> None:
    Case.objects.update(fee=1200)
    assert open_bill(owner, [case], now=NOW).total == 1200


def test_the_same_selection_is_the_same_bill(owner: User, three_cases: list[Case]) -> None:
    bill = open_bill(owner, three_cases[:2], now=NOW)
    assert open_bill(owner, reversed(three_cases[:2]), now=NOW) == bill
    assert Bill.objects.count() == 1


def test_another_selection_gives_up_the_bill_that_shares_a_case(owner: User, three_cases: list[Case]) -> None:
    first = open_bill(owner, three_cases[:2], now=NOW)
    second = open_bill(owner, three_cases[1:], now=NOW)
    assert (state(first), first.lines.filter(live=True).count()) == ("cancelled", 0)
    assert (state(second), second.total) == ("open", 1000)


def test_bills_that_share_no_case_stand_side_by_side(owner: User, three_cases: list[Case]) -> None:
    first, second = (open_bill(owner, [case], now=NOW) for case in three_cases[:2])
    assert (state(first), state(second)) == ("open", "open")


def test_nothing_ticked_is_no_bill(owner: User) -> None:
    with pytest.raises(NotPayable):
        open_bill(owner, [], now=NOW)


def test_51_the_case_of_somebody_else_is_no_bill(stranger: User, case: Case) -> None:
    with pytest.raises(NotPayable):
        open_bill(stranger, [case], now=NOW)
    assert Bill.objects.count() == 0


def test_a_case_paid_already_is_no_bill(owner: User, payment: Payment, case: Case) -> None:
    make.record(payment)
    with pytest.raises(NotPayable):
        open_bill(owner, [case], now=NOW)


@pytest.mark.parametrize("status", ["open", "not_found"])
def test_a_bill_on_its_way_is_given_up_when_the_bank_says_unpaid(
    owner: User, three_cases: list[Case], settings: Settings, status: str
) -> None:
    first = open_bill(owner, three_cases[:1], now=NOW)
    payment = make.started(first)
    with bank(settings, payment, status):
        open_bill(owner, three_cases[:2], now=NOW)
    assert (state(first), state(payment)) == ("cancelled", "cancelled")


def test_a_bill_on_its_way_is_kept_when_the_bank_does_not_answer(
    owner: User, three_cases: list[Case], settings: Settings
) -> None:
    first = open_bill(owner, three_cases[:1], now=NOW)
    payment = make.started(first)
    settings.SANDBANK_URL = NOBODY
    with pytest.raises(NotPayable):
        open_bill(owner, three_cases[:2], now=NOW)
    assert (state(first), state(payment)) == ("open", "unknown")


def test_a_bill_that_turns_out_to_be_paid_is_settled_instead(owner: User, three_cases: list[Case], settings: Settings) -> None:
    first = open_bill(owner, three_cases[:1], now=NOW)
    payment = make.started(first)
    with bank(settings, payment, "paid"), pytest.raises(NotPayable):
        open_bill(owner, three_cases[:2], now=NOW)
    assert (state(first), state(payment)) == ("settled", "captured")


def test_start_makes_one_attempt_and_leads_to_the_bank(bill: Bill, settings: Settings) -> None:
    settings.BASE_URL, settings.SANDBANK_URL = "https://portal.example", "https://bank.example/sandbank"
    start = start_payment(bill, card(), now=NOW)
    assert isinstance(start, Redirect)
    address = urlsplit(start.url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://bank.example/sandbank/pay/"
    assert set(parse_qs(address.query)) == {"order", "signature"}
    payment = Payment.objects.get()
    assert (payment.reference, payment.method, payment.gateway, payment.amount, payment.state) == (
        "P115000001A01",
        "card",
        "sandbank",
        1000,
        "started",
    )


@pytest.mark.parametrize("status", ["open", "not_found"])
def test_46_starting_again_goes_on_with_the_same_attempt(payment: Payment, settings: Settings, status: str) -> None:
    with bank(settings, payment, status) as asked:
        start_payment(payment.bill, card(), now=NOW)
    assert Payment.objects.get() == payment
    assert asked == [b'{"merchant":"student-permits","merchant_trade_no":"P115000001A01"}']


@pytest.mark.parametrize("status", ["failed", "cancelled", "expired"])
def test_after_a_failure_each_try_is_a_new_attempt(payment: Payment, settings: Settings, status: str) -> None:
    with bank(settings, payment, status):
        start_payment(payment.bill, card(), now=NOW)
    assert state(payment) == status
    assert list(Payment.objects.order_by("id").values_list("reference", flat=True)) == ["P115000001A01", "P115000001A02"]


def test_47_a_paid_bill_is_not_started_again(payment: Payment) -> None:
    make.record(payment)
    with pytest.raises(NotPayable):
        start_payment(payment.bill, card(), now=NOW)
    assert Payment.objects.count() == 1


def test_49_58_starting_again_finds_that_it_was_paid(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "paid"), pytest.raises(NotPayable):
        start_payment(payment.bill, card(), now=NOW)
    assert (state(payment), state(payment.bill)) == ("captured", "settled")


def test_54_while_the_bank_is_silent_no_second_payment_is_offered(payment: Payment, settings: Settings) -> None:
    settings.SANDBANK_URL = NOBODY
    with pytest.raises(NotPayable):
        start_payment(payment.bill, card(), now=NOW)
    assert state(payment) == "unknown"
    with bank(settings, payment, "open"):
        start_payment(payment.bill, card(), now=NOW + dt.timedelta(seconds=1))
    assert (state(payment), Payment.objects.count()) == ("started", 1)


def test_48_another_method_supersedes_the_attempt(payment: Payment, settings: Settings) -> None:
    settings.PAYMENT_METHODS = {"card": "sandbank", "other": "sandbank"}
    other = type("Other", (type(card()),), {"code": "other"})()
    with bank(settings, payment, "open"):
        start_payment(payment.bill, other, now=NOW)
    assert state(payment) == "cancelled"
    assert Payment.objects.get(state="started").method == "other"
    make.record(payment)
    assert state(payment.bill) == "settled"


def test_a_bill_with_a_lapsed_case_is_not_started(bill: Bill, case: Case) -> None:
    expire(case, now=NOW + dt.timedelta(days=30))
    with pytest.raises(NotPayable):
        start_payment(bill, card(), now=NOW)


def test_55_the_bank_says_unpaid_and_later_paid(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "processing"):
        assert inquire(payment, now=NOW).state == "started"
    assert (Notice.objects.count(), LedgerEvent.objects.count()) == (0, 0)
    with bank(settings, payment, "paid"):
        assert inquire(payment, now=NOW + dt.timedelta(seconds=3)).state == "captured"
    assert (Notice.objects.get().outcome, LedgerEvent.objects.get().kind) == ("booked", "captured")


def test_the_bank_is_asked_once_in_three_seconds(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "open") as asked:
        for seconds in (0, 1, 2, 3, 5):
            inquire(payment, now=NOW + dt.timedelta(seconds=seconds))
    assert len(asked) == 2


def test_an_attempt_that_ended_is_not_asked_about(payment: Payment, settings: Settings) -> None:
    make.record(payment)
    payment.refresh_from_db()
    with bank(settings, payment, "open") as asked:
        inquire(payment, now=NOW)
    assert asked == []


def test_56_an_answer_with_a_bad_signature_is_none(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "paid", forged=True):
        assert inquire(payment, now=NOW).state == "unknown"
    assert LedgerEvent.objects.count() == 0


def test_an_answer_about_another_attempt_is_none(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "paid", merchant_trade_no="P115000001A09"):
        assert inquire(payment, now=NOW).state == "unknown"


@pytest.mark.parametrize("status", [302, 403, 500])
def test_57_an_error_is_no_answer(payment: Payment, settings: Settings, status: int) -> None:
    with bank(settings, payment, "paid"):
        Answers.status = status
        Answers.headers_sent = {"Location": "http://127.0.0.1:9/"}
        assert inquire(payment, now=NOW).state == "unknown"


def test_what_the_bank_never_heard_of_expires_when_its_order_is_stale(payment: Payment, settings: Settings) -> None:
    for minutes, expected in ((14, "started"), (15, "expired")):
        Payment.objects.update(created_at=NOW - dt.timedelta(minutes=minutes))
        payment.refresh_from_db()
        with bank(settings, payment, "not_found"):
            assert inquire(payment, now=NOW, every=NO_DELAY).state == expected


def test_58_on_a_schedule_the_attempt_whose_notice_never_came_is_found(payment: Payment, settings: Settings) -> None:
    with bank(settings, payment, "paid") as asked:
        assert ask_pending() == 0  # too young: its notice may be on its way
        Payment.objects.update(created_at=NOW - dt.timedelta(minutes=2))
        assert ask_pending() == 1
        assert ask_pending() == 0
    assert (state(payment), len(asked)) == ("captured", 1)


def test_the_schedule_does_not_stop_at_one_that_is_not_configured_any_more(payment: Payment, settings: Settings) -> None:
    Payment.objects.update(created_at=NOW - dt.timedelta(minutes=2))
    settings.PAYMENT_METHODS = {}
    assert ask_pending() == 1
    assert state(payment) == "unknown"


def test_the_amount_asked_for_is_that_of_the_bill(owner: User, three_cases: list[Case]) -> None:
    payment = make.started(open_bill(owner, three_cases, now=NOW))
    assert payment.amount == 2000


def test_twenty_bills_within_an_hour_are_too_many(case: Case, owner: User) -> None:
    for number in range(BILLS_AN_HOUR):
        bill = Bill.objects.create(number=f"B{number}", owner=owner, category=case.category, total=1000, state="cancelled")
        Bill.objects.filter(pk=bill.pk).update(created_at=NOW - dt.timedelta(minutes=59))
    with pytest.raises(TooManyAttempts):
        open_bill(owner, [case], now=NOW)
    assert open_bill(owner, [case], now=NOW + dt.timedelta(minutes=1)).total == 1000


def test_39_of_a_bundle_of_which_one_case_ended_mid_way_the_others_are_paid(owner: User, three_cases: list[Case]) -> None:
    first = three_cases[0]
    payment = make.started(open_bill(owner, three_cases, now=NOW))
    Case.objects.filter(pk=first.pk).update(status=Status.REJECTED, deadline=None)  # as an officer does on a new fact
    with pytest.raises(NotPayable):
        start_payment(payment.bill, registry.method("card"), now=NOW)
    assert make.record(payment) is Outcome.BOOKED
    assert [Case.objects.get(pk=case.pk).status for case in three_cases] == [Status.REJECTED, Status.COMPLETED, Status.COMPLETED]
    differing = LedgerEvent.objects.get(kind="mismatch")
    assert (differing.amount, differing.detail) == (first.fee, f"收件號 {first.case_no} 之狀態無法結案")


def test_39_the_bundle_is_billed_anew_without_the_case_that_ended(owner: User, three_cases: list[Case]) -> None:
    first, *others = three_cases
    before = open_bill(owner, three_cases, now=NOW)
    Case.objects.filter(pk=first.pk).update(status=Status.REJECTED, deadline=None)
    bill = open_bill(owner, others, now=NOW)
    assert (state(before), bill.total) == ("cancelled", sum(case.fee or 0 for case in others))
    assert sorted(bill.lines.values_list("case", flat=True)) == sorted(case.pk for case in others)


def test_41_what_costs_nothing_is_complete_and_never_on_a_bill(owner: User, officer: User) -> None:
    with registered(like(multiple_entry(), code="free", fees=(Fee(0, ""),), name="免費")) as kind:
        case = in_status(Status.AWAITING_PAYMENT, owner, officer, kind=kind)
        assert (case.status, case.fee) == (Status.COMPLETED, 0)
        assert not payable(owner).exists()
        with pytest.raises(NotPayable):
            open_bill(owner, [case], now=NOW)
    assert not Bill.objects.exists()
