"""What ECPay says of an order."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from portal.sandbank import desk
from portal.sandbank.models import Order

DATE: Final = "%Y/%m/%d %H:%M:%S"
DAY: Final = "%Y/%m/%d"
MERCHANT: Final = "ecpay-"
BANK_OF_TAIWAN: Final = "004"
UNKNOWN: Final = "10200047"
# Which RtnCode says that the code of a method is ready.
CODE_READY: Final = {"ecpay_atm": "2", "ecpay_cvs": "10100073", "ecpay_barcode": "10100073"}


def speaks(order: Order) -> bool:
    """Whether this order's merchant speaks ECPay."""
    return order.merchant.startswith(MERCHANT)


def codes(order: Order) -> dict[str, str]:
    """What is typed or scanned at a counter, and until when it is taken."""
    if order.method == "ecpay_atm":
        account = f"9103522{order.pk:09}"
        return {"BankCode": BANK_OF_TAIWAN, "vAccount": account, "ExpireDate": f"{expires_at(order):{DAY}}"}
    until = written(expires_at(order))
    if order.method == "ecpay_cvs":
        return {"PaymentNo": f"LLL{order.pk:011}", "ExpireDate": until, "Barcode1": "", "Barcode2": "", "Barcode3": ""}
    return {"PaymentNo": "", "ExpireDate": until, **_barcodes(order)}


def _barcodes(order: Order) -> dict[str, str]:
    until = expires_at(order)
    first, second = f"{(until.year - 1911) % 100:02}{until:%m%d}6EU", f"{order.pk:016}"
    return {"Barcode1": first, "Barcode2": second, "Barcode3": f"{until:%m%d}00{order.amount:09}"}


def expires_at(order: Order) -> datetime:
    """The end of a code, in Taipei: an account and barcodes are counted in days, a store's code in minutes."""
    made = timezone.localtime(order.created_at)
    if order.method == "ecpay_cvs":
        return made + timedelta(minutes=int(order.terms.get("StoreExpireDate", 10080)))
    days = int(order.terms.get("ExpireDate") or order.terms.get("StoreExpireDate") or 3)
    return timezone.make_aware(datetime.combine(made.date() + timedelta(days=days), time(23, 59, 59)))


def is_lapsed(order: Order, now: datetime) -> bool:
    """Whether nobody may pay its code any more, by the bank's clock."""
    return order.method in CODE_READY and desk.clock(now) > expires_at(order)


def unknown_trade(fields: Mapping[str, str]) -> dict[str, str]:
    """查無此筆訂單."""
    named = {name: fields.get(name, "") for name in ("MerchantID", "MerchantTradeNo")}
    return {**named, "TradeNo": "", "TradeAmt": "0", "PaymentDate": "", "TradeDate": "", "TradeStatus": UNKNOWN}


def payment_info(order: Order | None, fields: Mapping[str, str]) -> dict[str, str]:
    """查詢取號結果."""
    if order is None or order.method not in CODE_READY:
        named = {name: fields.get(name, "") for name in ("MerchantID", "MerchantTradeNo")}
        return {**named, "RtnCode": UNKNOWN, "RtnMsg": "查無資料"}
    return {**facts(order), "RtnCode": CODE_READY[order.method], "RtnMsg": "Get VirtualAccount Succeeded", **codes(order)}


def facts(order: Order) -> dict[str, str]:
    """What every message says of an order."""
    return {
        "MerchantID": order.merchant.removeprefix(MERCHANT),
        "MerchantTradeNo": order.trade_no,
        "StoreID": "",
        "TradeNo": order.bank_trade_no,
        "TradeAmt": str(order.amount),
        "PaymentType": payment_type(order),
        "TradeDate": written(order.created_at),
        "CustomField1": order.terms.get("CustomField1", ""),
    }


def payment_type(order: Order) -> str:
    """Credit_CreditCard, ATM_BOT …"""
    chosen = order.terms.get("ChoosePayment", "")
    return f"{chosen}_{order.terms.get('ChooseSubPayment') or {'Credit': 'CreditCard'}.get(chosen, chosen)}"


def written(moment: datetime | None) -> str:
    """A moment in Taipei, without offset."""
    return f"{timezone.localtime(moment):{DATE}}" if moment else ""
