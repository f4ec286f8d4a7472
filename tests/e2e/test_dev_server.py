"""`bin/dev`: what changed is read again, errors are shown, answers are timed."""

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import database
from tests.bench.servers import free_port

# What a developer changes stands outside of the checkout; settings of their own name it.
SETTINGS = """
from portal.settings.dev import *
ROOT_URLCONF = "my_urls"
STATICFILES_DIRS = ["{place}/static", *STATICFILES_DIRS]
TEMPLATES[0]["DIRS"].insert(0, "{place}/templates")
"""
URLS = """
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from portal.urls import urlpatterns

urlpatterns = [
    path("word/", lambda request: HttpResponse("{word}")),
    path("template/", lambda request: render(request, "mine.html")),
    path("broken/", lambda request: 1 / 0),
    *urlpatterns,
]
"""


class DevServer:
    def __init__(self, place: Path) -> None:
        self.place, self.port = place, free_port()
        self.write("my_settings.py", SETTINGS.format(place=place))
        self.write("my_urls.py", URLS.format(word="before"))
        self.write("templates/mine.html", "before")
        self.write("static/mine.css", "a { color: red }")
        if database.template().exists():  # saves the migrations
            (place / "var").mkdir()
            shutil.copyfile(database.template(), place / "var" / "portal.sqlite3")
        outside = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "BASE_URL"}
        environment = {name: value for name, value in os.environ.items() if name not in outside}
        self.log = (place / "log").open("w+b")
        self.process = subprocess.Popen(
            ["bin/dev", "--settings", "my_settings", "--port", str(self.port)],
            env={**environment, "PYTHONPATH": str(place), "PORTAL_VAR": str(place / "var")},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def write(self, name: str, text: str) -> None:
        path = self.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, text and Server-Timing."""
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.read().decode(), answer.headers["Server-Timing"]

    def text(self, path: str) -> str:
        """The text, or why there is none: for who asks again."""
        try:
            return self.get(path)[1]
        except OSError as error:  # not there yet, or just beginning anew
            return str(error)

    def said(self) -> str:
        return (self.place / "log").read_text(encoding="utf-8")

    def stop(self) -> None:
        """As Ctrl-C does, which a shell in the background would not hear."""
        self.log.close()
        self.process.terminate()
        self.process.wait(30)


def until(true: Callable[[], bool], why: Callable[[], str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DevServer]:
    started = DevServer(tmp_path)
    try:
        until(lambda: started.text("/word/") == "before", started.said, 180)
        yield started
    finally:
        started.stop()


def test_a_developer_sees_what_they_changed_what_failed_and_what_it_cost(server: DevServer) -> None:
    assert server.get("/static/mine.css")[:2] == (200, "a { color: red }")
    server.write("static/mine.css", "a { color: blue }")
    assert server.get("/static/mine.css")[:2] == (200, "a { color: blue }")

    status, text, timing = server.get("/student/entry/")
    assert status == 200
    assert 'href="/static/portal/portal.css"' in text
    assert re.fullmatch(r'total;dur=\d+, db;dur=\d+;desc="[1-9]\d* queries"', timing)
    until(lambda: "GET /student/entry/ 200: " in server.said(), server.said, 5)
    count = re.search(r'"(\d+ queries)"', timing)
    assert count
    assert f"GET /student/entry/ 200: {count[1]} in " in server.said()

    status, text, timing = server.get("/broken/")
    assert status == 500
    assert "ZeroDivisionError at /broken/" in text
    assert "Traceback" in text

    assert server.text("/template/") == "before"
    server.write("templates/mine.html", "after")
    until(lambda: server.text("/template/") == "after", server.said, 30)

    server.write("my_urls.py", URLS.format(word="after"))
    until(lambda: server.text("/word/") == "after", server.said, 60)
