"""`bin/bench pages`: how many landing pages a second, from the cache and without it, against a raw WSGI hello and a bare page.

One run starts all four servers, each a gunicorn of the same configuration, and asks them in turn, round after round. The best
round of each counts: whatever else the machine does can only slow one down. Ratios hold from machine to machine; figures do
not. At the end it names every query of the landing page by the place that asked it.
"""

import argparse
import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.bench.servers import DATABASE, PARTS, Portal, database_url, free_port, fresh_database, wait_for

RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
ROUNDS = 5
FAULTS = re.compile(r"(Non-2xx or 3xx responses|Socket errors): .*")


def requests_a_second(address: str, seconds: int) -> float:
    """What wrk counts with eight connections; an answer that is no page stops the run."""
    page = requests.get(address, allow_redirects=False, timeout=10)
    assert page.status_code == 200, address  # wrk counts a redirect as an answer
    output = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", address], check=True, capture_output=True, text=True).stdout
    if fault := FAULTS.search(output):
        raise RuntimeError(f"{address}: {fault[0]}")
    found = RATE.search(output)
    assert found, output
    return float(found[1])


@contextmanager
def bare_site(portal: Portal, port: int) -> Iterator[None]:
    """A bare Wagtail site beside the portal, in a database of its own of the same kind."""
    if portal.parts == "real":
        name = f"{DATABASE}_bare"
        fresh_database(name)
        url = database_url(name)
    else:
        url = f"sqlite:///{portal.scratch / 'bare.sqlite3'}"
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.bare.settings", "BARE_DATABASE_URL": url}
    prepare = [sys.executable, "-m", "tests.bench.bare.prepare"]
    subprocess.run(prepare, check=True, env={**os.environ, **settings})
    portal.serve(port, "tests.bench.bare.wsgi", **settings)
    yield


def places_of_queries(path: str) -> list[str]:
    """For each query of a page that is drawn anew: the block of the template, or the function, that asked it."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    places: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        table = re.search(r'(?:FROM|UPDATE|INTO) "(\w+)"', sql)
        places.append(f"{_place()}: {table[1] if table else sql[:40]}")
        return execute(sql, *rest)

    settings.PAGE_CACHE_SECONDS = 0
    client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc})
    client.get(path)
    with connection.execute_wrapper(note):
        assert client.get(path).status_code == 200
    return places


def _place() -> str:
    """The innermost template node on the stack, or else the innermost function of the portal or of Wagtail."""
    from django.template.base import Node

    function, frame = "", inspect.currentframe()
    while frame := frame and frame.f_back:
        node = frame.f_locals.get("self")
        if issubclass(type(node), Node) and node.token:  # not isinstance: it would wake a lazy object
            return f"{node.origin.template_name}, {{% {node.token.contents[:40]} %}}"
        if not function and re.search(r"/(portal|wagtail)/", frame.f_code.co_filename):
            function = frame.f_code.co_qualname
    return function


def run(parts: str, seconds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal(parts, Path(scratch), QUERY_COUNT="0") as portal:
        hello, bare, anew = free_port(), free_port(), free_port()
        portal.serve(hello, "tests.bench.hello:application")
        portal.serve(anew, PAGE_CACHE_SECONDS="0")
        with bare_site(portal, bare):
            ports = {"hello": hello, "bare": bare, "cached": portal.port, "anew": anew}
            addresses = {name: f"http://127.0.0.1:{port}/" for name, port in ports.items()}
            for address in addresses.values():
                wait_for(address)
                requests_a_second(address, 1)  # warms it up
            rounds = [{name: requests_a_second(address, seconds) for name, address in addresses.items()} for _ in range(ROUNDS)]
        rates = {name: max(each[name] for each in rounds) for name in addresses}
        places = places_of_queries("/")
    print(f"\npages, {parts}: {PARTS[parts]}; best of {ROUNDS} rounds of {seconds} s, 8 connections\n")
    print(f"raw WSGI hello             {rates['hello']:8.0f} a second")
    print(f"bare Wagtail page          {rates['bare']:8.0f}")
    print(f"landing page, cached       {rates['cached']:8.0f}   {rates['cached'] / rates['hello']:.2f} of hello (target 0.50)")
    print(f"landing page, drawn anew   {rates['anew']:8.0f}   {rates['anew'] / rates['bare']:.2f} of bare (target 0.50)")
    print(f"\nqueries of the landing page: {len(places)}")
    print(*(f"  {place}" for place in places), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    run(options.parts, min(options.seconds, 60))


if __name__ == "__main__":
    main()
