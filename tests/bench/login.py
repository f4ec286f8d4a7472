"""`bin/bench login`: log-ins a second over HTTP, the share of their time that is argon2id, and refusals of the limiter a second.

A try that the limiter refuses must cost no hash: it is answered many times faster than one that is looked at.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.bench.servers import PARTS, Portal

PASSWORD, WRONG = "correct horse battery 9", "wrong password 1"
PATH = "/china-student/individual/login/"
CLIENTS = 8
TOKEN = "b" * 32  # of the form and of the cookie; any will do that agree
LOCKED = 429


def make_students(count: int) -> None:
    from django.contrib.auth.hashers import make_password

    from portal.accounts.models import User

    one_hash = make_password(PASSWORD)
    names = (f"student{number:04d}" for number in range(count))
    User.objects.bulk_create(User(username=name, category="china-student", password=one_hash) for name in names)


def typed(username: str, password: str) -> dict[str, str]:
    """The form, filled, with the captcha of a page that somebody has just opened."""
    from captcha.models import CaptchaStore

    store = CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key("portal.accounts.captcha.challenge"))
    fields = {"username": username, "password": password, "captcha_0": store.hashkey, "captcha_1": store.response}
    return {**fields, "csrfmiddlewaretoken": TOKEN}


def post(address: str, fields: dict[str, str], expected: int) -> None:
    cookies, headers = {"csrftoken": TOKEN}, {"Referer": address}
    answer = requests.post(address, fields, cookies=cookies, headers=headers, allow_redirects=False, timeout=60)
    if answer.status_code != expected:
        raise RuntimeError(f"answered {answer.status_code}, not {expected}")


def a_second(address: str, forms: list[dict[str, str]], expected: int) -> float:
    """How many of those forms are answered in a second, sent by several people at once."""
    start = threading.Barrier(CLIENTS + 1)

    def send(own: list[dict[str, str]]) -> None:
        start.wait()
        for fields in own:
            post(address, fields, expected)

    with ThreadPoolExecutor(CLIENTS) as pool:
        sending = [pool.submit(send, forms[client::CLIENTS]) for client in range(CLIENTS)]
        start.wait()
        started = time.perf_counter()
        for each in sending:
            each.result()
        return len(forms) / (time.perf_counter() - started)


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of one after another."""
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def run(parts: str, count: int) -> None:
    from django.contrib.auth.hashers import check_password, make_password

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch, Portal(parts, Path(scratch), QUERY_COUNT="0") as portal:
        address = portal.base_url + PATH
        make_students(count)
        one_hash = make_password(PASSWORD)
        hashing = milliseconds(lambda: check_password(PASSWORD, one_hash), 50)
        alone = [typed(f"student{number:04d}", PASSWORD) for number in range(50)]
        log_in = milliseconds(lambda: post(address, alone.pop(), 302), 50)
        log_ins = a_second(address, [typed(f"student{number:04d}", PASSWORD) for number in range(count)], 302)
        for _failure in range(5):
            post(address, typed("student0000", WRONG), 200)
        refused = [typed("student0000", PASSWORD) for _try in range(count)]
        refusal = milliseconds(lambda: post(address, refused.pop(), LOCKED), 50)
        refusals = a_second(address, refused, LOCKED)
    print(f"\nlogin, {parts}: {PARTS[parts]}; {count} log-ins, {CLIENTS} people at once\n")
    print(f"one log-in alone        {log_in:8.1f} ms, of it argon2id {hashing:.1f} ms: {hashing / log_in:.0%}")
    print(f"one refusal alone       {refusal:8.1f} ms, of it argon2id 0")
    print(f"log-ins                 {log_ins:8.1f} a second")
    print(f"refused by the limiter  {refusals:8.1f} a second, {refusals / log_ins:.1f} times as many")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=sorted(PARTS))
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    run(options.parts, max(options.count, 100))


if __name__ == "__main__":
    main()
