"""House rules of payments at every start."""

from pathlib import Path

import pytest
from pytest_django import Settings

from portal.payments import registry
from portal.payments.checks import bills_can_be_paid_in_time, methods_are_carried


def ids() -> list[str | None]:
    return [message.id for message in methods_are_carried(None)]


def test_the_demonstration_is_in_order() -> None:
    assert ids() == []


def test_87_the_sandbank_is_refused_outside_of_a_demonstration(settings: Settings) -> None:
    settings.DEMO = False
    assert ids() == [*["payments.E001"] * 5, "payments.E004"]
    with pytest.raises(registry.NotConfigured):
        registry.gateway("sandbank")


@pytest.mark.parametrize("methods", [{"barter": "sandbank"}, {"card": "no_bank"}])
def test_a_method_or_gateway_that_does_not_exist_is_named(settings: Settings, methods: dict[str, str]) -> None:
    settings.PAYMENT_METHODS = methods
    assert ids() == ["payments.E002"]


def test_a_gateway_says_why_it_does_not_load(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "agency_bank.py").write_text("import a_library_that_is_missing\n")
    monkeypatch.syspath_prepend(tmp_path)
    settings.PAYMENT_METHODS = {"card": "agency_bank.gateways"}
    (message,) = methods_are_carried(None)
    assert message.msg == (
        "PAYMENT_METHODS: no method card or no gateway agency_bank.gateways: No module named 'a_library_that_is_missing'"
    )


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("VIRTUAL_ACCOUNT_SCHEME", "agency.accounts.account", ["payments.E010"]),
        ("VIRTUAL_ACCOUNT_SCHEME", "account", ["payments.E010"]),
        ("VIRTUAL_ACCOUNT_SCHEME", "portal.payments.slips.issuing.LAST", ["payments.E010"]),
        ("COLLECTION_CODE", "12", ["payments.E010"]),
        ("STORE_ITEM_CODE", "six", ["payments.E011"]),
        ("STORE_ITEM_CODE", "6V1", []),
        ("PAYMENT_DEADLINE_DAYS", 0, ["payments.E012"]),
        ("PAYMENT_DEADLINE_DAYS", 1, []),
    ],
)
def test_what_a_slip_is_made_of_is_tried_at_the_start(settings: Settings, name: str, value: object, found: list[str]) -> None:
    assert bills_can_be_paid_in_time(None) == []
    setattr(settings, name, value)
    assert [message.id for message in bills_can_be_paid_in_time(None)] == found


def test_a_sandbank_without_keys_is_refused(settings: Settings) -> None:
    settings.SANDBANK_KEYS = {}
    assert ids() == ["payments.E003"]


def test_only_configured_methods_are_offered(settings: Settings) -> None:
    assert [method.code for method in registry.methods()] == ["card", "web_atm", "virtual_account", "egov", "store"]
    settings.PAYMENT_METHODS = {}
    assert registry.methods() == []
    for find in (registry.method, registry.gateway_code):
        with pytest.raises(registry.NotConfigured):
            find("card")
    assert registry.name_of("card") == "國際信用卡網路繳費"
