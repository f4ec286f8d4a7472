"""Whose address counts is decided in one module: whoever reads an address out of a request would count it differently."""

import ast

from .source import modules

READS = "portal.throttling.network"
NAMES = ("remote_addr", "x-forwarded-for", "http_x_forwarded_for", "x-real-ip", "http_x_real_ip", "forwarded", "http_forwarded")


def test_only_one_module_reads_where_a_request_comes_from() -> None:
    found = [
        (module.name, node.lineno)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in NAMES
    ]
    assert {name for name, _line in found} == {READS}, found


def test_nobody_takes_more_than_the_network_from_it() -> None:
    """An IPv6 address is one of a home's 2**64: kept or counted raw, it stands for nobody."""
    taken = {
        (module.name, alias.name)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith("throttling.network")
        for alias in node.names
    }
    assert {name for _module, name in taken} == {"client_network"}, taken
