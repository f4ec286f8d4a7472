"""A Redis that is down costs work: nobody is turned away, and nothing ends in an error."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.accounts.models import User
from portal.captcha import answered
from portal.core import health
from portal.downloads.alone import alone
from portal.mail.models import OutgoingMail
from portal.payments.gateways.ecpay import questions
from tests.accounts import steps
from tests.architecture.source import ROOT
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db
IN_CATEGORY = ["china-student"]


@pytest.fixture(autouse=True)
def redis_that_is_down(settings: Settings) -> None:
    down = {"BACKEND": "portal.core.site.caches.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": down}


def test_it_keeps_nothing_and_says_so_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    cache.set("key", "王小明")
    assert cache.get("key", "otherwise") == "otherwise"
    assert (cache.add("key", 1), cache.add("key", 1)) == (True, True)
    assert cache.delete("key") is False
    assert {record.getMessage() for record in caplog.records} == {"the cache does not answer: ConnectionError"}


def test_the_portal_asks_its_cache_for_nothing_else() -> None:
    asked = {
        name
        for path in (ROOT / "portal").rglob("*.py")
        if "from django.core.cache import cache\n" in (text := path.read_text(encoding="utf-8"))
        for name in re.findall(r"\bcache\.(\w+)\(", text)
    }
    assert asked == {"add", "get", "set", "delete"}


def test_somebody_registers_and_another_logs_in(owner: User, chen: object) -> None:
    assert steps.submit(Client(), steps.REGISTER, steps.CHEN).status_code == 302
    assert steps.log_in(Client(), owner.username).status_code == 302
    assert logged_in(owner).get(reverse("my_cases:progress", args=IN_CATEGORY)).status_code == 200


def test_somebody_asks_for_a_new_password(owner: User) -> None:
    steps.submit(Client(), steps.FORGOT, {"username": owner.username, "email": owner.email})
    assert OutgoingMail.objects.get().to == owner.email


def test_each_form_is_the_first_and_each_paper_is_drawn() -> None:
    assert answered.is_first("digest")
    assert answered.once("digest", False, lambda: "done") == "done"
    with alone("permit-1") as is_first, alone("permit-1", patience=0) as second:
        assert (is_first, second) == (True, True)
    assert cache.get(questions.RESTING, 0) == 0


def test_a_cache_of_redis_itself_that_is_down_is_an_answer_too(client: Client, settings: Settings) -> None:
    plain = {**settings.CACHES["default"], "BACKEND": "django.core.cache.backends.redis.RedisCache"}
    settings.CACHES = {**settings.CACHES, "default": plain}
    assert client.get("/readyz/").json()["cache"] == "ConnectionError"


def test_who_looks_after_the_portal_is_notified(client: Client) -> None:
    answer = client.get("/readyz/")
    assert (answer.status_code, answer.json()["cache"]) == (503, "keeps nothing")
    assert health.readiness()["database"] == ""
