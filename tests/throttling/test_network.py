"""Whose address counts."""

import logging

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from portal.throttling import network
from portal.throttling.network import client_network, network_of


@pytest.fixture(autouse=True)
def nothing_warned_of_yet() -> None:
    network._warn_once.cache_clear()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),  # fewer hops than proxies: it did not come through them
        (1, "", "127.0.0.1"),
        (1, " , ,", "127.0.0.1"),
        (1, "198.51.100.7:52100", "198.51.100.7"),
        (1, "[2001:db8:1:2::9]:52100", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        (1, "203.0.113.9, unknown", "127.0.0.1"),  # what is no address never falls back to what may be forged
        (1, "203.0.113.9, 999.1.1.1", "127.0.0.1"),
        (1, "203.0.113.9, [", "127.0.0.1"),
    ],
)
def test_what_stands_before_our_own_proxies_may_be_forged(settings: Settings, proxies: int, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_network(request) == found


@pytest.mark.parametrize(
    ("proxies", "forwarded", "said"),
    [
        (0, "198.51.100.7", "TRUSTED_PROXIES is 0: all its visitors count as one network"),
        (2, "198.51.100.7", "X-Forwarded-For has fewer hops than TRUSTED_PROXIES (2)"),
        (1, "unknown", "wrote something into X-Forwarded-For that is no address"),
    ],
)
def test_a_wrong_number_of_proxies_is_logged_once_and_without_an_address(
    settings: Settings, caplog: pytest.LogCaptureFixture, proxies: int, forwarded: str, said: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    with caplog.at_level(logging.WARNING):
        for _request in range(3):
            client_network(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert said in caplog.text
    assert "198.51" not in caplog.text


def test_a_visitor_who_sends_the_header_himself_is_no_proxy(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.TRUSTED_PROXIES = 0
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="192.0.2.1", REMOTE_ADDR="8.8.4.4")
    assert client_network(request) == "8.8.4.4"
    assert not caplog.records


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:443", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("64:ff9b::203.0.113.7", "203.0.113.7"),
        ("2001:0:4136:e378:8000:63bf:34ff:8ef8", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3:4:5:6]:8443", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("no address", "no address"),
        ("x" * 99, "x" * 43),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_64_bits_of_a_home(address: str, found: str) -> None:
    assert network_of(address) == found


def test_the_network_is_that_of_the_visitors_address() -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2::5")) == "2001:db8:1:2::/64"
    assert client_network(None) == ""
