"""`bin/bench enumeration`: can the time of an answer tell whether there is such an account?

For each page that takes a 帳號 or an identity: pairs of requests, one about a person with an account and one about a person
without, in random order, on the real argon2id. The difference of the two medians must be at most 3 ms. Pages are fetched,
captchas solved and people made outside of the measured part.
"""

import argparse
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.servers import PARTS, Portal

TARGET = 0.003
PASSWORD, WRONG = "correct horse battery 9", "wrong password 1"
HOME = "/china-student/individual"
WARM_UP = 5  # pairs that are not counted
ORDER = random.SystemRandom()


@dataclass(frozen=True)
class Flow:
    """A page, and how one person is made ready to type something there: with an account, or without."""

    name: str
    path: str
    ready: Callable[[int, bool], dict[str, str]]
    status: int


def username(number: int, known: bool) -> str:
    """Equally long for both."""
    return f"{'known' if known else 'guess'}{number:06d}"


def account(number: int, known: bool, **state: Any) -> str:
    """A 帳號, behind which is an account if `known`. One password hash serves all."""
    from portal.accounts.models import User

    name = username(number, known)
    if known:
        fields = {"password": password_hash(), "email": f"{name}@example.test", "category": "china-student", **state}
        User.objects.create(username=name, **fields)
    return name


_hash: list[str] = []


def password_hash() -> str:
    from django.contrib.auth.hashers import make_password

    if not _hash:
        _hash.append(make_password(PASSWORD))
    return _hash[0]


def at_log_in(number: int, known: bool) -> dict[str, str]:
    return {"username": account(number, known), "password": WRONG}


def at_resend(number: int, known: bool) -> dict[str, str]:
    return {"username": account(1_000_000 + number, known, is_active=False)}


def at_forgot(number: int, known: bool) -> dict[str, str]:
    return {"username": account(2_000_000 + number, known)}


def at_registration(number: int, known: bool) -> dict[str, str]:
    """A fresh person in the agency's records."""
    from portal.accounts.models import User
    from portal.records.models import Applicant
    from tests.records import agency

    row = agency.applicant_row(2 * number + known)
    Applicant.objects.create(**{name: value for name, value in row.items() if name != "school_code"}, school_id="0003")
    if known:
        holder = f"holder{number:06d}"
        fields = {"password": password_hash(), "email": f"{holder}@example.test", "category": "china-student"}
        User.objects.create(username=holder, ui_no=row["ui_no"], chinese_name=row["chinese_name"], **fields)
    name = username(3_000_000 + number, known)
    typed = {key: row[key] for key in ("chinese_name", "birth_date", "ui_no", "travel_document_no")}
    chosen = {"username": name, "password": PASSWORD, "password_again": PASSWORD, "email": f"{name}@example.test"}
    return {**typed, **chosen, "permit_no": "", "school": "0003", "mobile": "0912345678"}


def flows() -> list[Flow]:
    from django.urls import NoReverseMatch, reverse

    found = [
        Flow("log-in", f"{HOME}/login/", at_log_in, 200),
        Flow("resend of activation", f"{HOME}/resend-activation/", at_resend, 302),
        Flow("registration", f"{HOME}/register/", at_registration, 302),
    ]
    with contextlib.suppress(NoReverseMatch):
        found.append(Flow("forgotten password", reverse("accounts:forgot-password", args=["china-student"]), at_forgot, 302))
    return found


def one(flow: Flow, number: int, known: bool) -> float:
    """Seconds of one request of somebody who comes from a network of their own."""
    from captcha.models import CaptchaStore
    from django.test import Client

    typed = flow.ready(number, known)
    address = f"2001:db8:{number:x}:{int(known)}::1"
    client = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=address)
    client.get(flow.path)
    captcha = CaptchaStore.objects.latest("pk")
    typed |= {"captcha_0": captcha.hashkey, "captcha_1": captcha.response}
    started = time.perf_counter()
    response = client.post(flow.path, typed)
    taken = time.perf_counter() - started
    if response.status_code != flow.status:
        raise RuntimeError(f"{flow.name}: answered {response.status_code}, not {flow.status}")
    return taken


def measure(flow: Flow, pairs: int) -> tuple[list[float], list[float]]:
    """Seconds of those with an account, and of those without."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(pairs + WARM_UP):
        for known in ORDER.sample([True, False], 2):
            taken = one(flow, number, known)
            if number >= WARM_UP:
                times[known].append(taken)
    return times[True], times[False]


def run(parts: str, pairs: int) -> bool:
    """Whether every page reaches the target."""
    all_good = True
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal(parts, Path(scratch), QUERY_COUNT="0"):
        print(f"\nenumeration, {parts}: {PARTS[parts]}; {pairs} pairs\n")
        print(f"{'medians in ms':24}{'with account':>14}{'without':>10}{'difference':>12}   target {TARGET * 1000:.0f}")
        for flow in flows():
            known, unknown = (statistics.median(times) for times in measure(flow, pairs))
            difference = abs(known - unknown)
            good = difference <= TARGET
            all_good &= good
            figures = f"{known * 1000:14.2f}{unknown * 1000:10.2f}{difference * 1000:12.2f}"
            print(f"{flow.name:24}{figures}   {'reached' if good else 'MISSED'}", flush=True)
    return all_good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--pairs", type=int, default=2000)
    options = parser.parse_args()
    sys.exit(not run(options.parts, max(options.pairs, 10)))


if __name__ == "__main__":
    main()
