"""`bin/bench login`: log-ins a second over HTTP, the share of their time that is argon2id, and refusals of the limiter a second.

A try that the limiter refuses must cost no hash: it is answered many times faster than one that is looked at.
"""

import argparse
import statistics
import tempfile
import threading
import time
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

    store = CaptchaStore.objects.get(hashkey=CaptchaStore.generate_key("portal.captcha.challenges.challenge"))
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


def in_process(form: dict[str, str], expected: int) -> tuple[float, float]:
    """Seconds of one try without a network between, and of them those in argon2id."""
    from django.test import Client

    from tests.hashers import TimedHasher

    client = Client(headers={"host": "127.0.0.1"})
    TimedHasher.seconds = 0.0
    started = time.perf_counter()
    response = client.post(PATH, form)
    taken = time.perf_counter() - started
    if response.status_code != expected:
        raise RuntimeError(f"answered {response.status_code}, not {expected}")
    return taken, TimedHasher.seconds


def medians(tries: list[tuple[float, float]]) -> tuple[float, float]:
    """In milliseconds."""
    whole, hashing = (statistics.median(each) * 1000 for each in zip(*tries, strict=True))
    return whole, hashing


def run(parts: str, count: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as scratch,
        Portal(parts, Path(scratch), QUERY_COUNT="0", LOG_LEVEL="ERROR") as portal,
    ):
        from django.conf import settings

        settings.PASSWORD_HASHERS = ["tests.hashers.TimedHasher"]  # of this process; the server's is the usual one
        address = portal.base_url + PATH
        make_students(count)
        names = [f"student{number:04d}" for number in range(count)]
        log_in, hashing = medians([in_process(typed(name, PASSWORD), 302) for name in names[:60]])
        log_ins = a_second(address, [typed(name, PASSWORD) for name in names], 302)
        for _failure in range(5):
            post(address, typed(names[0], WRONG), 200)
        refusal, nothing = medians([in_process(typed(names[0], PASSWORD), LOCKED) for _try in range(60)])
        refusals = a_second(address, [typed(names[0], PASSWORD) for _try in names], LOCKED)
    print(f"\nlogin, {parts}: {PARTS[parts]}; {count} log-ins, {CLIENTS} people at once\n")
    print(f"one log-in alone        {log_in:8.1f} ms, of it argon2id {hashing:.1f} ms: {hashing / log_in:.0%}")
    print(f"one refusal alone       {refusal:8.1f} ms, of it argon2id {nothing:.1f} ms")
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
