"""電子收據: read back from the file itself."""

import datetime as dt
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from portal.downloads import operations, receivers
from portal.downloads.models import IssuedDocument
from portal.downloads.operations import NotIssuable
from portal.payments.models import BillLine, Receipt
from tests import papers as read

from .test_permit import content_of

pytestmark = pytest.mark.django_db


def test_the_text_holds_number_payer_items_and_sums(receipt: Receipt) -> None:
    text = read.text(content_of(operations.issue_receipt(receipt)))

    for said in (
        "內政部移民署",
        "規費收據",
        "R115-000001",
        "中華民國115年11月23日",
        "王小明",
        "A89****002",
        "多次證",
        "S11511230001",
        "115150000018",
        "1,000",
        "新臺幣 壹仟元整",
        "國際信用卡網路繳費",
        "中華民國115年11月23日 12:30:00",
        receipt.payment.reference,
        "主辦出納",
        "主辦會計",
        "機關首長",
        "本收據由系統列印",
        "SAMPLE – NOT AN OFFICIAL DOCUMENT",
    ):
        assert said in text
    assert "A890000002" not in text


def test_a_line_that_left_the_bill_is_not_on_it(receipt: Receipt) -> None:
    BillLine.objects.create(bill=receipt.bill, case=receipt.bill.lines.get().case, item="延期", amount=300, live=False)

    assert "延期" not in read.text(content_of(operations.issue_receipt(receipt)))


def test_the_code_stands_on_two_lines_of_two_groups(receipt: Receipt) -> None:
    lines = read.drawn_text(content_of(operations.issue_receipt(receipt))).splitlines()
    first = lines.index("查驗碼 Verification code") + 1
    assert [len(line.split()) for line in lines[first : first + 2]] == [2, 2]


def test_its_qr_code_says_its_own_address(receipt: Receipt) -> None:
    document = operations.issue_receipt(receipt)

    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(read.pixels(content_of(document), dpi=200))))

    assert code.text == f"http://localhost:8000/verify/{document.verification_code}/"


def test_one_page_embedded_fonts_and_the_same_bytes(receipt: Receipt) -> None:
    document = operations.issue_receipt(receipt)
    content = content_of(document)
    document.file.storage.delete(document.file.name)

    assert content_of(operations.issue_receipt(receipt)) == content
    assert read.info(content)["Pages"] == "1"
    assert read.info(content)["Title"] == "規費收據 R115-000001"


def test_a_voided_receipt_is_not_issued(receipt: Receipt) -> None:
    receipt.voided_at = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)

    with pytest.raises(NotIssuable):
        operations.issue_receipt(receipt)


def test_the_news_of_money_makes_the_paper(receipt: Receipt) -> None:
    receivers.receipt_created(Receipt, receipt=receipt)

    assert IssuedDocument.objects.get(kind="receipt").receipt == receipt
