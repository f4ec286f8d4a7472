"""House rules of payments at every start."""

import pytest
from pytest_django import Settings

from portal.payments import registry
from portal.payments.checks import methods_are_carried


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
