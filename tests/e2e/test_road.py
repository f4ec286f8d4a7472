"""From the landing page to two PDF files, in Chromium, on real files: with JavaScript and with JavaScript off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from tests.papers import text as text_of

from .road import Road, records

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.once)], ids=["script", "plain"])
def road(
    request: pytest.FixtureRequest, site: str, new_context: Callable[..., BrowserContext], tmp_path: Path, officer: User
) -> Road:
    applicant, permit = records(timezone.localdate())
    scripts = bool(request.param)
    student = new_context(scripts=scripts)
    # Wagtail's admin needs scripts; the officer's browser has them either way.
    return Road(site, student, new_context(scripts=True), tmp_path, scripts, applicant, permit)


def test_the_first_permit_end_to_end(road: Road, officer: User) -> None:
    road.find_the_log_in_page()
    road.register()
    road.log_in()
    road.apply()
    road.see_it_waiting()
    road.decide(officer)
    road.pay(pace="notice_first" if road.scripts else "return_first")
    permit, receipt = road.download("許可證下載"), road.download("收據下載")
    road.log_out()

    assert Case.objects.get(case_no=road.case_no).status == Status.COMPLETED
    assert "王小明" in text_of(permit)
    assert road.case_no in text_of(permit)
    assert "壹仟元整" in text_of(receipt)
