"""Whose address counts."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from portal.core.network import client_address, client_network, network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_what_stands_before_our_own_proxies_may_be_forged(settings: Settings, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("no address", "no address"),
        ("x" * 99, "x" * 43),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_64_bits_of_a_home(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_network_is_that_of_the_visitors_address() -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2::5")) == "2001:db8:1:2::/64"
    assert client_network(None) == ""
