"""對帳檔: a gateway's list of what it settled, compared with our books line by line. The same file twice changes nothing.

CSV in UTF-8 or Big5 with the columns of COLUMNS in any order; amounts may have thousands separators. A last line
`TOTAL,<lines>,<sum>` is checked where there is one.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.accounts.models import User

from .. import ledger, registry
from ..models import Payment, SettlementFile, SettlementRow
from ..protocol import GatewayStatus, Outcome, Raw, Statement
from ..states import PaymentState

COLUMNS: Final = ("merchant", "reference", "gateway_reference", "amount", "currency", "paid_at")
TOTAL: Final = "TOTAL"
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_LINES: Final = 50_000
Result = SettlementRow.Result
RESULTS: Final = {
    Outcome.BOOKED: Result.BOOKED,
    Outcome.LATE: Result.BOOKED,
    Outcome.OVERPAID: Result.BOOKED,
    Outcome.DUPLICATE: Result.MATCHED,
    Outcome.IGNORED: Result.MATCHED,
    Outcome.MISMATCH: Result.AMOUNT_DIFFERS,
    Outcome.UNKNOWN_REFERENCE: Result.ONLY_THEIRS,
}


class Unfit(Exception):
    """The file is not a settlement file of that gateway; `problems` says where. Nothing was taken from it."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems[0])
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """What one line says."""

    number: int
    merchant: str
    reference: str
    gateway_reference: str
    amount: int
    currency: str
    paid_at: datetime


def take_in(gateway: str, name: str, content: bytes, *, by: User, now: datetime) -> SettlementFile:
    """Compare every line with our books, and book what was paid and nobody reported. Raises Unfit.

    A run that broke off is gone on with by the same file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if (known := SettlementFile.objects.filter(sha256=sha256).first()) is None:
        lines = read(gateway, content, now=now)
        try:
            known = _open(gateway, name, sha256, lines, by=by, now=now)
        except IntegrityError:  # the same file was sent twice at once
            known = SettlementFile.objects.get(sha256=sha256)
    for row in known.rows.filter(result=Result.PENDING):
        _compare(row, known.gateway, now)
    return known


def read(gateway: str, content: bytes, *, now: datetime) -> list[Line]:
    """Every line of the file. Raises Unfit with all that is wrong."""
    rows = _rows(_text(content))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if sorted(header) != sorted(COLUMNS):
        raise Unfit(f"第 1 行：欄名須為 {'、'.join(COLUMNS)}")
    body = [(number, row) for number, row in enumerate(rows[1:], 2) if row]
    total = body.pop() if body and body[-1][1][0] == TOTAL else None
    if len(body) > MAX_LINES:
        raise Unfit(f"超過 {MAX_LINES} 行，請分成幾個檔案匯入")
    lines, problems = [], []
    for number, row in body:
        try:
            lines.append(_line(number, header, row, merchant=registry.gateway(gateway).merchant, now=now))
        except ValueError as wrong:
            problems.append(f"第 {number} 行：{wrong}")
    if not problems and total and not _adds_up(total[1], lines):
        problems.append(f"第 {total[0]} 行：筆數或金額合計不符")
    if problems or not lines:
        raise Unfit(*(problems or ["檔案沒有資料"]))
    return lines


def _rows(text: str) -> list[list[str]]:
    reader = csv.reader(text.splitlines())
    try:
        return list(reader)
    except csv.Error:
        raise Unfit(f"第 {reader.line_num} 行：無法讀取，或有過長的值") from None


def only_ours(file: SettlementFile) -> QuerySet[Payment]:
    """What we booked as paid in the days of the file, and no line of any file names."""
    if not (file.first_day and file.last_day):
        return Payment.objects.none()
    captured = Payment.objects.filter(gateway=file.gateway, state=PaymentState.CAPTURED, settlement_rows=None)
    return captured.filter(captured_at__date__range=(file.first_day, file.last_day)).order_by("captured_at", "pk")


@transaction.atomic
def _open(gateway: str, name: str, sha256: str, lines: list[Line], *, by: User, now: datetime) -> SettlementFile:
    days = [timezone.localdate(line.paid_at) for line in lines]
    file = SettlementFile.objects.create(
        gateway=gateway,
        name=name[:200],
        sha256=sha256,
        first_day=min(days),
        last_day=max(days),
        imported_by=by,
        imported_at=now,
    )
    SettlementRow.objects.bulk_create(
        SettlementRow(
            file=file,
            line=line.number,
            reference=line.reference,
            gateway_reference=line.gateway_reference,
            amount=line.amount,
            paid_at=line.paid_at,
            result=Result.PENDING,
        )
        for line in lines
    )
    return file


def _compare(row: SettlementRow, gateway: str, now: datetime) -> None:
    payment = Payment.objects.filter(Q(reference=row.reference) | Q(slip_number=row.reference), gateway=gateway).first()
    result = _result(row, payment, gateway, now)
    SettlementRow.objects.filter(pk=row.pk).update(result=result, payment=payment)


def _result(row: SettlementRow, payment: Payment | None, gateway: str, now: datetime) -> Result:
    same = SettlementRow.objects.filter(reference=row.reference, gateway_reference=row.gateway_reference, file__gateway=gateway)
    if same.filter(pk__lt=row.pk, amount=row.amount).exists():
        return Result.DUPLICATE
    if payment and _is_booked(payment, row):
        return Result.MATCHED
    # What the gateway settled is the gateway's word: the ledger takes it as a message.
    raw = Raw({"Settlement-File": row.file.sha256, "Settlement-Line": str(row.line)}, row.reference.encode(), now)
    statement = Statement(
        said=GatewayStatus.PAID,
        merchant=registry.gateway(gateway).merchant,
        reference=row.reference,
        amount=row.amount,
        currency=ledger.CURRENCY,
        occurred_at=row.paid_at,
        gateway_reference=row.gateway_reference,
    )
    return RESULTS[ledger.record(ledger.keep(gateway, raw), statement, now=now)]


def _is_booked(payment: Payment, row: SettlementRow) -> bool:
    captured = payment.state == PaymentState.CAPTURED
    # A number is the same in capitals: as new money it would be booked a second time.
    same = payment.gateway_reference.casefold() == row.gateway_reference.casefold()
    return captured and same and payment.amount == row.amount


def _line(number: int, header: list[str], row: list[str], *, merchant: str, now: datetime) -> Line:
    if len(row) != len(header):
        raise ValueError(f"有 {len(row)} 個值，但標題列有 {len(header)} 欄")
    said = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    if said["merchant"] != merchant:
        raise ValueError("不是本機關的商店代號")
    if said["currency"] != ledger.CURRENCY:
        raise ValueError("幣別不是 TWD")
    if not (_is_number(said["reference"], 32) and _is_number(said["gateway_reference"], 64)):
        raise ValueError("交易編號不正確")
    paid_at = _moment(said["paid_at"])
    if not now - ledger.OLDEST <= paid_at <= now + ledger.CLOCKS_DIFFER:
        raise ValueError("繳費時間不在一年之內")
    amount = _amount(said["amount"])
    return Line(number, merchant, said["reference"], said["gateway_reference"], amount, said["currency"], paid_at)


def _is_number(text: str, most: int) -> bool:
    """Of a transaction: without one a payment that is booked already would be booked again."""
    return 0 < len(text) <= most and text.isprintable()


def _amount(text: str) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 9:
        raise ValueError(f"金額 {text[:20]} 不正確，須為 9 位以內的正整數")
    return int(plain)


def _moment(text: str) -> datetime:
    """Without an offset it is Taipei's time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"繳費時間 {text[:30]} 不正確") from None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _adds_up(total: list[str], lines: list[Line]) -> bool:
    cells = [cell.strip().replace(",", "") for cell in total[1:3]]
    return cells == [str(len(lines)), str(sum(line.amount for line in lines))]


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp950"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit("檔案不是 UTF-8 或 Big5 文字")


def matched(file: SettlementFile) -> QuerySet[SettlementRow]:
    """The lines that agree with our books."""
    return file.rows.filter(result=Result.MATCHED)


def problems_of(file: SettlementFile) -> Iterator[tuple[str, QuerySet[SettlementRow]]]:
    """The lists that a cashier looks at: what differs, and what only the gateway has."""
    for result in (Result.AMOUNT_DIFFERS, Result.ONLY_THEIRS, Result.BOOKED, Result.DUPLICATE):
        yield str(result.label), file.rows.filter(result=result).select_related("payment")
