"""繳費單: its codes by the published figures, its paper read back from its pixels, and an attempt that holds it."""

import datetime as dt
import hashlib
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
import zxingcpp
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError
from django.test import Client
from PIL import Image
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.core.models import Serial
from portal.mail.models import OutgoingMail
from portal.office_calendar import queries as office_calendar
from portal.payments import registry
from portal.payments.deadlines import announce_receipts, end_slips, remind_of_slips
from portal.payments.models import Bill, LedgerEvent, Payment, Receipt, ReviewItem
from portal.payments.operations import NotAccepted, NotPayable, Unanswered, inquire, start_payment
from portal.payments.protocol import GatewayStatus, Outcome, Redirect, Slip
from portal.payments.slips import bank_of_taiwan, paper, store_barcodes
from portal.payments.tasks import ask_pending
from portal.sandbank import collection
from tests import papers
from tests.factories import payments as make
from tests.factories.cases import NOW, TAIPEI
from tests.questions import nothing_is_written

from .test_operations import NOBODY, bank, state

pytestmark = pytest.mark.django_db
FIGURES = json.loads((Path(__file__).parent / "data" / "slips.json").read_text())
PAY_UNTIL = dt.date(2026, 12, 7)
LIST = "/china-student/individual/payments/"


# -- the codes ---------------------------------------------------------------------


@pytest.mark.parametrize("row", FIGURES["cvs_three_segment"], ids=lambda row: row["seg3"])
def test_1_61_the_check_characters_of_the_stores(row: dict[str, Any]) -> None:
    amount = int(row["seg3"][6:])
    assert store_barcodes.third(row["seg1"], row["seg2"], row["seg3"][:4], amount) == row["seg3"]


def test_61_each_of_the_four_letters_is_among_the_figures() -> None:
    checks = "".join(row["seg3"][4:6] for row in FIGURES["cvs_three_segment"])
    assert set("ABY") <= set(checks)
    assert store_barcodes.third("0" * 9, "0" * 16, "0000", 1) == "00001X000000001"


@pytest.mark.parametrize("row", FIGURES["bank_of_taiwan_virtual_account"], ids=lambda row: row["account"])
def test_1_the_accounts_of_the_bank(row: dict[str, Any]) -> None:
    assert bank_of_taiwan.account(row["collection_code"], row["serial"], row["amount"]) == row["account"]


@pytest.mark.parametrize(
    ("day", "written"),
    [(dt.date(2026, 12, 7), "151207"), (dt.date(2011, 1, 31), "000131"), (dt.date(2010, 12, 31), "991231")],
)
def test_62_the_year_of_the_republic_has_two_digits(day: dt.date, written: str) -> None:
    first, _, third = store_barcodes.barcodes(pay_until=day, item_code="000", number="1", amount=300)
    assert (first, third[:4]) == (f"{written}000", written[2:])


@pytest.mark.parametrize("amount", [0, -1, 10**10])
def test_45_an_amount_that_is_none_has_no_code(amount: int) -> None:
    with pytest.raises(ValueError, match="no account"):
        bank_of_taiwan.account("999000", "115000001", amount)
    with pytest.raises(ValueError, match="no barcode"):
        store_barcodes.barcodes(pay_until=PAY_UNTIL, item_code="000", number="1", amount=amount)


@pytest.mark.parametrize(("code", "number"), [("99900", "115000001"), ("999000", "1150000011"), ("９９９０００", "115000001")])
def test_an_account_has_its_length(code: str, number: str) -> None:
    with pytest.raises(ValueError, match="no account"):
        bank_of_taiwan.account(code, number, 1000)


# -- the attempt that holds them -----------------------------------------------------


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("virtual_account", {"account": "9990001150000016"}),
        ("store", {"barcode_1": "151207000", "barcode_2": "9990001150000016", "barcode_3": "120767000001000"}),
    ],
)
def test_the_attempt_holds_its_codes_and_until_when_they_are_good(bill: Bill, code: str, codes: dict[str, str]) -> None:
    slip = start_payment(bill, registry.method(code), now=NOW)
    payment = Payment.objects.get()
    assert slip == payment.slip == Slip(codes, PAY_UNTIL, "9990001150000016")
    assert (payment.state, payment.codes, payment.pay_until, payment.slip_number) == (
        "code_issued",
        codes,
        PAY_UNTIL,
        "9990001150000016",
    )


def test_several_codes_of_a_gateway_stand_in_the_order_of_their_names_whatever_the_database_makes_of_it(
    owner_client: Client, bill: Bill
) -> None:
    """PostgreSQL keeps names in JSON by their length."""
    payment = make.slip(bill)
    Payment.objects.filter(pk=payment.pk).update(codes={"pay_no": "7788", "bank": "004", "amount_code": "99"})
    shown = owner_client.get(f"{LIST}{bill.number}/result/").content.decode()
    assert re.findall(r'<dt>繳費代碼</dt><dd class="number" translate="no">(\d+)</dd>', shown) == ["99", "004", "7788"]


def test_the_slip_is_emailed_once(bill: Bill) -> None:
    make.slip(bill)
    start_payment(bill, registry.method("store"), now=NOW)
    sent = OutgoingMail.objects.get(kind="slip_made")
    assert (sent.subject, sent.to, sent.cause) == ("學生線上申辦系統：繳費單通知", bill.owner.email, "slip:P115000001A01")
    assert "繳費期限：2026/12/07" in sent.body
    assert f"{LIST}{bill.number}/result/" in sent.body


def test_the_same_method_again_is_the_same_slip_and_nobody_is_asked(bill: Bill, settings: Settings) -> None:
    settings.SANDBANK_URL = NOBODY
    payment = make.slip(bill)
    again = start_payment(bill, registry.method("store"), now=NOW)
    assert (again, Payment.objects.count()) == (payment.slip, 1)


def test_1_the_codes_of_the_store_are_checked_by_the_other_side_too(bill: Bill) -> None:
    codes = make.slip(bill).codes
    parts = codes["barcode_1"], codes["barcode_2"], codes["barcode_3"]
    assert collection.in_a_store(*parts, now=NOW).amount == 1000
    assert collection.at_the_counter(parts[1], 1000).account == "9990001150000016"


def test_65_two_attempts_have_two_numbers_and_the_database_keeps_them_apart(owner: User, three_cases: list[Case]) -> None:
    first, second = (make.slip(make.open_bill(owner, case), "virtual_account") for case in three_cases[:2])
    assert (first.slip_number, second.slip_number) == ("9990001150000016", "9990001150000021")
    with pytest.raises(IntegrityError):
        Payment.objects.filter(pk=second.pk).update(slip_number=first.slip_number)


def test_65_when_the_numbers_of_the_year_are_used_up_another_method_may_be_chosen(bill: Bill) -> None:
    Serial.objects.create(name="slip:115", last=999_998)
    assert make.slip(bill, "virtual_account").slip_number == "9990001159999997"
    Payment.objects.update(state="cancelled")
    with pytest.raises(NotAccepted):
        start_payment(bill, registry.method("store"), now=NOW)
    assert list(Payment.objects.order_by("id").values_list("method", "state")) == [
        ("virtual_account", "cancelled"),
        ("store", "failed"),
    ]
    assert isinstance(start_payment(bill, registry.method("card"), now=NOW), Redirect)


def test_42_above_twenty_thousand_the_stores_are_hidden_and_refused(owner_client: Client, bill: Bill) -> None:
    for total, offered in ((20_000, True), (20_001, False)):
        Bill.objects.update(total=total)
        found = owner_client.get(f"{LIST}{bill.number}/method/").content.decode()
        assert ('value="store"' in found) is offered
    posted = owner_client.post(f"{LIST}{bill.number}/method/", {"method": "store"}).content.decode()
    assert "請選擇繳費方式。" in posted
    with pytest.raises(NotAccepted):
        start_payment(Bill.objects.get(), registry.method("store"), now=NOW)
    assert Payment.objects.count() == 0


# -- asking ---------------------------------------------------------------------------


def test_a_slip_is_asked_about_every_six_hours(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number) as asked:
        inquire(payment, now=NOW)
    for hours, times in ((1, 0), (5, 0), (6, 1)):
        now = NOW + dt.timedelta(hours=hours)
        with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number, now=now) as asked:
            inquire(payment, now=now)
        assert (len(asked), state(payment)) == (times, "code_issued")


def test_the_schedule_is_as_seldom(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    settings.SANDBANK_URL = NOBODY
    Payment.objects.update(created_at=NOW - dt.timedelta(hours=1))
    assert [ask_pending(), ask_pending()] == [1, 0]
    Payment.objects.update(asked_at=NOW - dt.timedelta(hours=5))
    assert ask_pending() == 0
    Payment.objects.update(asked_at=NOW - dt.timedelta(hours=7))
    assert ask_pending() == 1
    assert state(payment) == "code_issued"


def test_who_pays_otherwise_has_the_slip_asked_about_first(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    settings.SANDBANK_URL = NOBODY
    with pytest.raises(Unanswered):
        start_payment(bill, registry.method("card"), now=NOW)
    assert (state(payment), Payment.objects.count()) == ("code_issued", 1)
    with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number):
        start_payment(bill, registry.method("card"), now=NOW + dt.timedelta(seconds=1))
    assert list(Payment.objects.order_by("id").values_list("method", "state")) == [("store", "cancelled"), ("card", "started")]


def test_a_slip_that_turns_out_to_be_paid_leaves_nothing_to_start(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    with bank(settings, payment, "paid", merchant_trade_no=payment.slip_number), pytest.raises(NotPayable):
        start_payment(bill, registry.method("card"), now=NOW)
    assert (state(payment), state(bill), Payment.objects.count()) == ("captured", "settled", 1)


# -- money for it ---------------------------------------------------------------------


def paid_at_the_counter(payment: Payment, **changes: Any) -> Outcome:
    """The bank reports the number of the slip; of our reference it knows nothing."""
    return make.record(payment, reference=payment.slip_number, **changes)


def test_money_is_found_by_the_number_of_the_slip(bill: Bill) -> None:
    payment = make.slip(bill)
    assert paid_at_the_counter(payment) is Outcome.BOOKED
    assert (state(payment), state(bill)) == ("captured", "settled")


def test_16_by_whichever_name_it_is_reported_it_is_one_event(bill: Bill) -> None:
    payment = make.slip(bill)
    reported = [paid_at_the_counter(payment), make.record(payment), paid_at_the_counter(payment)]
    assert reported == [Outcome.BOOKED, Outcome.DUPLICATE, Outcome.DUPLICATE]
    assert LedgerEvent.objects.count() == 1


@pytest.mark.parametrize("amount", [999, 1001])
def test_32_less_or_more_at_the_counter_settles_nothing(bill: Bill, amount: int) -> None:
    payment = make.slip(bill, "virtual_account")
    assert paid_at_the_counter(payment, amount=amount) is Outcome.MISMATCH
    assert (state(payment), state(bill)) == ("code_issued", "open")
    assert ReviewItem.objects.get().event.detail == "不符：金額"


def test_34_a_superseded_slip_that_is_paid_is_honoured(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number):
        start_payment(bill, registry.method("card"), now=NOW)
    assert paid_at_the_counter(payment) is Outcome.BOOKED
    assert (state(payment), state(bill), ReviewItem.objects.count()) == ("captured", "settled", 0)


def test_33_a_slip_and_a_card_both_paid_is_one_overpayment_for_the_cashier(bill: Bill, settings: Settings) -> None:
    slip = make.slip(bill)
    with bank(settings, slip, "not_found", merchant_trade_no=slip.slip_number):
        start_payment(bill, registry.method("card"), now=NOW)
    assert make.record(bill.payments.get(method="card")) is Outcome.BOOKED
    assert paid_at_the_counter(slip) is Outcome.OVERPAID
    assert [item.event.kind for item in ReviewItem.objects.all()] == ["overpaid"]
    assert Receipt.objects.get().payment.method == "card"


def test_20_a_code_that_is_notified_after_the_money_changes_nothing(bill: Bill) -> None:
    payment = make.slip(bill)
    paid_at_the_counter(payment)
    slip = Slip({"code": "X1"}, PAY_UNTIL)
    assert make.record(payment, said=GatewayStatus.CODE_ISSUED, slip=slip) is Outcome.IGNORED
    assert (state(payment), payment.codes["barcode_1"]) == ("captured", "151207000")


def test_28_a_code_that_a_gateway_notifies_is_no_payment(payment: Payment) -> None:
    slip = Slip({"code": "LGB26112300001"}, dt.date(2026, 12, 1))
    assert make.record(payment, said=GatewayStatus.CODE_ISSUED, slip=slip) is Outcome.CODE_ISSUED
    assert (state(payment), state(payment.bill), payment.slip) == ("code_issued", "open", slip)
    assert make.record(payment, said=GatewayStatus.CODE_ISSUED) is Outcome.IGNORED
    assert LedgerEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "paid", "first_day"),
    [
        ("card", "2026-11-23", "2026-11-23"),
        ("web_atm", "2026-11-28", "2026-11-28"),
        ("egov", "2026-11-29", "2026-11-29"),
        ("virtual_account", "2026-11-23", "2026-11-25"),
        ("virtual_account", "2026-11-26", "2026-11-30"),  # two days later is a Saturday
        ("virtual_account", "2026-12-30", "2027-01-04"),  # New Year's Day is a Friday
        ("store", "2026-11-23", "2026-11-26"),
        ("store", "2026-11-26", "2026-12-01"),
        ("store", "2026-12-30", "2027-01-05"),
    ],
)
def test_77_the_first_day_of_a_receipt_is_the_methods_to_say(code: str, paid: str, first_day: str) -> None:
    day = registry.method(code).available_on(dt.date.fromisoformat(paid), office_calendar.current())
    assert day == dt.date.fromisoformat(first_day)


def test_77_a_receipt_waits_for_its_first_day(bill: Bill, owner_client: Client) -> None:
    paid_at_the_counter(make.slip(bill))
    assert Receipt.objects.get().available_on == dt.date(2026, 11, 26)
    found = " ".join(owner_client.get(f"{LIST}{bill.number}/result/").content.decode().split())
    assert "繳費完成，您的案件已結案，可至下載專區下載電子許可證；收據自 2026/11/26 起可下載。" in found
    assert "收據自 2026/11/26 起可下載，屆時另行通知。" in OutgoingMail.objects.get(kind="payment_received").body


def test_77_a_report_that_comes_late_makes_no_receipt_of_the_past(bill: Bill) -> None:
    payment = make.slip(bill, "virtual_account")
    paid_at_the_counter(payment, now=NOW + dt.timedelta(days=9))
    assert Receipt.objects.get().available_on == dt.date(2026, 12, 2)


# -- the paper ------------------------------------------------------------------------


def printed(payment: Payment) -> bytes:
    with paper.printed(payment).slip_file.open("rb") as file:
        return bytes(file.read())


@pytest.mark.parametrize(("method", "channel"), [("store", "超商"), ("virtual_account", "臺銀")])
def test_the_head_of_the_slip_is_two_lines_with_the_channel_beside_them(bill: Bill, method: str, channel: str) -> None:
    where = papers.boxes(printed(make.slip(bill, method)))
    title, first, last = where["規費繳費單"], where["Payment"], where["Agency"]
    assert first[1] == last[1], "the English line wraps"
    assert title[1] < first[1] < where["繳款人收執聯"][1]
    (left, top, _right, bottom), below = where[channel], where["繳款人收執聯"]
    assert left > title[2]
    assert title[1] - 6 < top < bottom < below[1]


@pytest.mark.parametrize("dpi", [200, 300])
def test_63_64_a_till_reads_the_very_strings(bill: Bill, dpi: int) -> None:
    payment = make.slip(bill)
    picture = Image.open(BytesIO(papers.pixels(printed(payment), dpi=dpi)))
    read = [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code39)]
    assert sorted(read) == sorted(payment.codes.values())  # nor a mod-43 character at the end


def test_the_slip_says_all_that_a_clerk_needs_on_one_page(owner: User, three_cases: list[Case]) -> None:
    content = printed(make.slip(make.open_bill(owner, *three_cases), "virtual_account"))
    text = papers.text(content).replace("\n", " ")
    for words in (
        "內政部移民署",
        "王○明",
        "中華民國115年12月7日",
        "新臺幣 貳仟元整",
        "NT$ 2,000",
        "請照應繳金額一次繳足",
        "繳款人收執聯",
        "代收單位存查聯",
        "B115-000001",
        *(case.group_no for case in three_cases),
        *(case.case_no for case in three_cases),
    ):
        assert words in text
    assert owner.ui_no not in text
    assert "王小明" not in text
    assert papers.info(content)["Pages"] == "1"


@pytest.mark.parametrize("code", ["store", "virtual_account"])
def test_67_the_slip_of_a_bank_that_is_none_says_so_widely(bill: Bill, code: str) -> None:
    assert papers.text(printed(make.slip(bill, code))).count("模擬繳費單，請勿持往繳費") == 2


def test_66_a_reprint_is_the_first_print(bill: Bill, owner_client: Client, owner: User) -> None:
    payment = make.slip(bill)
    address = f"{LIST}{bill.number}/slip.pdf"
    prints = []
    for _each in range(2):
        response = owner_client.get(address)
        prints.append(hashlib.sha256(b"".join(response.streaming_content)).hexdigest())  # type: ignore[attr-defined]
        User.objects.filter(pk=owner.pk).update(ui_no="A800000014")  # whatever changes meanwhile
    payment.refresh_from_db()
    assert prints == [payment.slip_sha256] * 2
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


def test_66_a_print_that_was_lost_is_made_again_with_the_same_bytes(bill: Bill) -> None:
    payment = make.slip(bill)
    first = printed(payment)
    storages["private"].delete(payment.slip_file.name)
    assert printed(Payment.objects.get()) == first


def test_a_slip_of_a_gateway_that_is_gone_says_so_instead_of_failing(
    bill: Bill, owner_client: Client, settings: Settings
) -> None:
    make.slip(bill)
    settings.PAYMENT_METHODS = {}
    response = owner_client.get(f"{LIST}{bill.number}/slip.pdf")
    assert response.status_code == 503
    assert "繳費單暫時無法製作" in response.content.decode()


def test_a_file_without_an_attempt_is_swept_up_after_a_day(bill: Bill) -> None:
    payment = make.slip(bill)
    printed(payment)
    storage = storages["private"]
    orphan = storage.save("slips/9999.pdf", ContentFile(b"%PDF-"))
    written = storage.get_modified_time(orphan)
    for hours, is_kept in ((23, True), (25, False)):
        paper.sweep(now=written + dt.timedelta(hours=hours))
        assert (storage.exists(orphan), storage.exists(payment.slip_file.name)) == (is_kept, True)


def test_a_slip_that_was_given_up_is_not_printed_any_more(bill: Bill, owner_client: Client) -> None:
    make.slip(bill)
    Payment.objects.update(state="cancelled")
    assert owner_client.get(f"{LIST}{bill.number}/slip.pdf").status_code == 404


def test_51_the_slip_of_somebody_else_looks_like_a_missing_one(bill: Bill, stranger_client: Client) -> None:
    make.slip(bill)
    assert stranger_client.get(f"{LIST}{bill.number}/slip.pdf").status_code == 404


# -- the page -------------------------------------------------------------------------


def test_the_page_of_a_slip_says_where_and_until_when_and_leaves_the_reader_alone(bill: Bill, owner_client: Client) -> None:
    response = owner_client.post(f"{LIST}{bill.number}/method/", {"method": "store"})
    assert response["Location"] == f"{LIST}{bill.number}/result/"
    found = " ".join(owner_client.get(response["Location"]).content.decode().split())
    assert "線上繳費-繳費單" in found
    assert "請下載繳費單，於 2026/12/07 前（含當日）持繳費單至 7-11、全家、萊爾富或 OK 超商繳費。請照應繳金額一次繳足。" in found
    assert f'<a class="button" href="{LIST}{bill.number}/slip.pdf">下載繳費單</a>' in found
    assert "改用其他繳費方式</a>" in found
    assert "http-equiv" not in found
    assert "請勿重複繳費" not in found


def test_the_list_and_the_bill_lead_back_to_the_slip(bill: Bill, owner_client: Client) -> None:
    make.slip(bill, "virtual_account")
    shown = " ".join(owner_client.get(LIST).content.decode().split())
    assert f'<a href="{LIST}{bill.number}/result/">B115-000001（虛擬帳號繳費）</a>' in shown
    for page in ("", "method/"):
        found = " ".join(owner_client.get(f"{LIST}{bill.number}/{page}").content.decode().split())
        assert "您已取得「虛擬帳號繳費」繳費單，繳費期限 2026/12/07。改用其他繳費方式後，請勿再持原繳費單繳費。" in found


# -- days that come -------------------------------------------------------------------


def test_59_60_a_slip_expires_once_the_bank_has_answered(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill, "virtual_account")
    Payment.objects.update(pay_until=dt.date(2026, 11, 24))
    settings.SANDBANK_URL = NOBODY
    last_second = dt.datetime(2026, 11, 24, 23, 59, 59, tzinfo=TAIPEI)
    after = last_second + dt.timedelta(seconds=1)
    assert (end_slips(now=last_second), end_slips(now=after), state(payment)) == (0, 1, "code_issued")
    with bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number, now=after):
        assert end_slips(now=after) == 1
    assert (state(payment), state(bill)) == ("expired", "open")
    assert isinstance(start_payment(bill, registry.method("card"), now=after), Redirect)


def test_38_a_slip_paid_in_the_last_second_and_reported_after_its_end_is_booked(bill: Bill, settings: Settings) -> None:
    payment = make.slip(bill)
    last_second = dt.datetime(2026, 12, 7, 23, 59, 59, tzinfo=TAIPEI)
    after = last_second + dt.timedelta(days=1)
    with time_machine.travel(after), bank(settings, payment, "not_found", merchant_trade_no=payment.slip_number, now=after):
        end_slips(now=after)
        assert state(payment) == "expired"
        assert paid_at_the_counter(payment, occurred_at=last_second, now=after) is Outcome.BOOKED
    assert (state(payment), state(bill)) == ("captured", "settled")


def test_38_a_slip_paid_on_the_day_after_is_for_the_cashier(bill: Bill) -> None:
    payment = make.slip(bill)
    midnight = dt.datetime(2026, 12, 8, tzinfo=TAIPEI)
    assert paid_at_the_counter(payment, occurred_at=midnight, now=midnight) is Outcome.LATE
    assert (state(bill), Receipt.objects.count()) == ("late_paid", 0)
    assert ReviewItem.objects.get().event.detail == "繳費單取消或逾期後入帳"


@pytest.mark.parametrize(
    ("moment", "written"),
    [("2026-12-03", 0), ("2026-12-04", 1), ("2026-12-06", 1), ("2026-12-07", 1), ("2026-12-08", 0)],
)
def test_before_a_slip_lapses_its_owner_is_written_to_once(bill: Bill, moment: str, written: int) -> None:
    make.slip(bill)  # until Monday 2026-12-07; the working day before is Friday
    now = dt.datetime.fromisoformat(f"{moment}T09:00:00+08:00")
    assert remind_of_slips(now=now) == written
    with nothing_is_written():
        assert remind_of_slips(now=now) == written
    assert OutgoingMail.objects.filter(kind="slip_lapsing").count() == written


def test_nobody_is_reminded_of_a_slip_that_was_paid_or_given_up(bill: Bill) -> None:
    make.slip(bill)
    for ended in ("captured", "cancelled", "expired"):
        Payment.objects.update(state=ended)
        assert remind_of_slips(now=dt.datetime(2026, 12, 7, 9, tzinfo=TAIPEI)) == 0


def test_when_the_receipt_is_ready_its_owner_is_written_to_once(bill: Bill) -> None:
    paid_at_the_counter(make.slip(bill))
    for day, written in ((25, 0), (26, 1), (27, 1)):
        assert announce_receipts(now=dt.datetime(2026, 11, day, 9, tzinfo=TAIPEI)) == written
    with nothing_is_written():
        announce_receipts(now=dt.datetime(2026, 11, 27, 10, tzinfo=TAIPEI))
    sent = OutgoingMail.objects.get(kind="receipt_ready")
    assert (sent.subject, sent.cause) == ("學生線上申辦系統：收據可下載通知", "receipt-ready:R115-000001")


def test_a_receipt_that_was_ready_at_once_is_not_announced_again(payment: Payment) -> None:
    make.record(payment)
    assert announce_receipts(now=NOW) == 0
