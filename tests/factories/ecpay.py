"""What ECPay says, signed as ECPay signs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from portal.payments.models import Payment
from portal.payments.protocol import Raw
from portal.sandbank.ecpay import check_mac
from tests.factories.cases import NOW

FORM = "application/x-www-form-urlencoded"
NOTIFY = "/payments/ecpay/notify/"


def notice(payment: Payment, **changes: Any) -> dict[str, str]:
    """付款結果通知 of a success, before it is signed; None takes a field away."""
    fields = {
        **_about(payment),
        "RtnCode": "1",
        "RtnMsg": "交易成功",
        "PaymentDate": "2026/11/23 10:35:12",
        "PaymentType": "Credit_CreditCard",
        "PaymentTypeChargeFee": "20",
        "SimulatePaid": "0",
        "CustomField1": "",
    }
    return _changed(fields, changes)


def code_notice(payment: Payment, **changes: Any) -> dict[str, str]:
    """取號結果通知 of a virtual account of the Bank of Taiwan."""
    fields = {
        **_about(payment),
        "RtnCode": "2",
        "RtnMsg": "Get VirtualAccount Succeeded",
        "PaymentType": "ATM_BOT",
        "BankCode": "004",
        "vAccount": "9103522175887271",
        "ExpireDate": "2026/11/30",
    }
    return _changed(fields, changes)


def trade(payment: Payment, **changes: Any) -> dict[str, str]:
    """What QueryTradeInfo answers about a paid order."""
    fields = {
        **_about(payment),
        "PaymentDate": "2026/11/23 10:35:12",
        "PaymentType": "Credit_CreditCard",
        "HandlingCharge": "20",
        "PaymentTypeChargeFee": "20",
        "TradeStatus": "1",
        "ItemName": "多次入出境證 1000 TWD x 1",
    }
    return _changed(fields, changes)


def raw(fields: Mapping[str, str], *, now: dt.datetime = NOW, key: str = "") -> Raw:
    """The fields, signed, as they come."""
    return Raw({"Content-Type": FORM}, check_mac.write(fields, key=key), now)


def fields_of(message: Raw) -> dict[str, str]:
    """What is in it, the signature too."""
    return dict(parse_qsl(message.body.decode(), keep_blank_values=True))


def unsigned(fields: Mapping[str, str], *, now: dt.datetime = NOW) -> Raw:
    """The fields as they are."""
    return Raw({"Content-Type": FORM}, urlencode(fields).encode(), now)


def _about(payment: Payment) -> dict[str, str]:
    return {
        "MerchantID": "3002607",
        "MerchantTradeNo": payment.reference,
        "StoreID": "",
        "TradeNo": "2611231035001234",
        "TradeAmt": str(payment.amount),
        "TradeDate": "2026/11/23 10:30:00",
    }


def _changed(fields: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in {**fields, **changes}.items() if value is not None}
