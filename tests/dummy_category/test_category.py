"""docs/add-a-category.md: what it shows is a whole category, from registration to the application form."""

import datetime as dt
import re
import textwrap
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import kinds
from portal.cms.snippets import publish_new
from portal.core import categories
from portal.editorial.declaration import Declaration
from portal.office_calendar.periods import PLAIN_WEEK
from portal.records.models import Applicant
from tests import people
from tests.accounts.steps import LOGIN, WANG, last_link, submit, text
from tests.conftest import logged_in
from tests.factories.cases import match

from .forms import StayForm

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"`(tests/dummy_category/[^`]+\.\w+)`\n\s+```\w+\n(.*?)\n\s+```", re.DOTALL)
SLUG = "exchange-student"
HOME = f"/{SLUG}/individual"
HERE, REGISTER, TODO = f"{HOME}/login/", f"{HOME}/register/", f"{HOME}/todo/"
WRONG = "帳號或密碼錯誤"
BY_CHANCE = re.compile(r'value="[0-9a-zA-Z]{64}"|[0-9a-f]{40}')


def test_the_page_shows_the_files_of_the_category() -> None:
    page = (ROOT / "docs" / "add-a-category.md").read_text()
    shown = {name: textwrap.dedent(f"   {code.lstrip()}").strip() for name, code in SHOWN.findall(page)}
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests/dummy_category").rglob("*.*")}
    written = {name for name in files if name.endswith((".py", ".html")) and "/migrations/" not in name}
    assert shown.keys() == {name for name in written if not name.endswith(("__init__.py", "test_category.py"))}
    for name, code in shown.items():
        assert code == (ROOT / name).read_text().strip(), name


def test_the_category_and_its_kind_are_registered() -> None:
    assert str(categories.get(SLUG).name) == "交換學生"
    kind = kinds.get(SLUG, "stay")
    assert list(kinds.of_category(SLUG)) == [kind]
    assert kind.form_class() is StayForm
    with pytest.raises(KeyError):
        kinds.get(people.CATEGORY, "stay")


@pytest.mark.parametrize(("day", "said"), [(dt.date(2027, 1, 2), None), (dt.date(2027, 1, 3), "停留期間已屆滿")])
def test_its_rule_is_asked(owner: User, day: dt.date, said: str | None) -> None:
    found = match(owner)
    refusal = kinds.get(SLUG, "stay").refusal(found.applicant, found.permit, day, PLAIN_WEEK)
    assert (refusal and str(refusal.detail)) == said


def registered(client: Client) -> User:
    """王小明 registers here and follows the letter's link."""
    sent = submit(client, REGISTER, WANG | {"username": "exchange"})
    assert sent["Location"] == f"{HOME}/register/done/"
    link = last_link()
    assert link.startswith(f"{HOME}/activate/")
    assert client.post(link)["Location"] == HERE
    return User.objects.get(username="exchange")


def test_from_registration_to_the_first_page_of_the_application(client: Client, wang: Applicant) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)):
        user = registered(client)
        assert (user.category, user.ui_no) == (SLUG, wang.ui_no)
        assert submit(client, HERE, {"username": "exchange", "password": people.PASSWORD})["Location"] == TODO
        todo = text(client.get(TODO))
        assert "<h1>待辦事項</h1>" in todo
        assert '<a href="?tab=stay" aria-current="page">延長停留' in todo
        assert f'href="{HOME}/apply/stay/"' in todo
        publish_new(Declaration(category=SLUG, title="使用聲明事項", text="<p>請詳閱。</p>"))
        start = client.get(f"{HOME}/apply/stay/", follow=True)
        assert "請詳閱。" in text(start)


def test_its_form_shows_what_the_records_say(owner: User) -> None:
    form = StayForm({"reason": "研究未完"}, initial=StayForm.prefill(match(owner), owner), today=timezone.localdate())
    assert form.is_valid()
    assert form.answers() == {"chinese_name": "王小明", "school_name": "國立臺灣大學", "reason": "研究未完"}


@pytest.fixture
def exchange(db: None) -> User:
    return User.objects.create_user("exchange", password=people.PASSWORD, category=SLUG, chinese_name="交換生")


@pytest.mark.parametrize(
    ("door", "account"), [(HERE, "xiaoming"), (LOGIN, "exchange"), ("/hk-macau-student/individual/login/", "exchange")]
)
def test_another_categorys_account_is_refused_as_an_unknown_one(owner: User, exchange: User, door: str, account: str) -> None:
    answers = []
    with time_machine.travel(dt.datetime(2026, 11, 23, tzinfo=dt.UTC), tick=False):
        for name in (account, "z" * len(account)):
            client = Client()
            response = submit(client, door, {"username": name, "password": people.PASSWORD})
            assert list(response.context["form"].non_field_errors()) == [WRONG]
            assert SESSION_KEY not in client.session
            answers.append((response.status_code, dict(response.headers), BY_CHANCE.sub("", text(response)).replace(name, "")))
    assert answers[0] == answers[1]


def test_a_student_of_one_category_is_nobody_in_the_other(owner: User, exchange: User) -> None:
    assert logged_in(owner).get(TODO)["Location"].startswith(HERE)
    assert logged_in(exchange).get("/china-student/individual/todo/")["Location"].startswith(LOGIN)


def test_the_same_person_may_have_an_account_in_each(client: Client, owner: User) -> None:
    assert registered(client).ui_no == owner.ui_no
    assert User.objects.filter(ui_no=owner.ui_no).count() == 2
