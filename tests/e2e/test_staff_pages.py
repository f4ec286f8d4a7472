"""Cashiers', clerks' and administrators' pages: axe finds nothing, nothing runs over the edge and no sign is larger than words,
on desktop and phone."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext

from portal.home.groups import CHIEF_EDITORS, EDITORS
from portal.payments.cashier import refunds
from portal.payments.models import Payment
from portal.records.models import Applicant
from portal.review.groups import CASHIERS, OFFICERS, RECORDS_CLERKS, SUPERVISORS
from tests import people
from tests.factories import payments as make
from tests.factories.cases import NOW
from tests.staff import logged_in, make_administrator, make_staff

from .axe import faults

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (1280, 390)
LARGE_SIGNS = """() => [...document.querySelectorAll("main svg.icon")].map((sign) => sign.getBoundingClientRect().width)
  .filter((width) => width > 40).map((width) => `a sign is ${Math.round(width)} px wide`)"""


@pytest.fixture
def addresses(site: str) -> dict[str, list[str]]:
    """The pages of each role, with something on each."""
    applicant = people.applicant()
    owner, officer = people.student(applicant), make_staff("officer", OFFICERS)
    paid = make.paid(owner, officer)
    make.record(paid.payment, gateway_reference="SB-second")  # overpaid: something to look at
    refunds.request(Payment.objects.get(), 300, reason="重複繳費", by=officer, now=NOW)
    money, records = "/admin/money/", "/admin/records/"
    return {
        "cashier": [
            money,
            *(f"{money}{page}/" for page in ("items", "refunds", "settlements", "closes")),
            f"{money}payments/{paid.payment.reference}/",
        ],
        "clerk": [f"{records}imports/", f"{records}applicants/{Applicant.objects.get().pk}/correct/"],
        "administrator": ["/admin/system/"],
    }


@pytest.mark.parametrize("role", ["cashier", "clerk", "administrator"])
def test_the_pages_of_staff(
    role: str, site: str, addresses: dict[str, list[str]], new_context: Callable[..., BrowserContext]
) -> None:
    groups = {"cashier": [CASHIERS], "clerk": [RECORDS_CLERKS]}
    user = make_administrator() if role == "administrator" else make_staff(role, *groups[role])
    session = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    found = {}
    for width in WIDTHS:
        context = new_context(scripts=True, width=width)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        for address in addresses[role]:
            answer = page.goto(site + address)
            assert answer
            assert answer.status == 200, address
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            large = page.evaluate(LARGE_SIGNS)
            if wrong := [*faults(page), *([f"{over} px over the edge"] if over > 0 else []), *large]:
                found[address, width] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("group", "offers"),
    [(OFFICERS, False), (SUPERVISORS, False), (CASHIERS, False), (RECORDS_CLERKS, False), (EDITORS, True), (CHIEF_EDITORS, True)],
)
def test_the_search_of_pages_is_offered_to_who_may_use_it(
    group: str, offers: bool, site: str, new_context: Callable[..., BrowserContext]
) -> None:
    session = logged_in(make_staff("somebody", group)).cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(scripts=True, width=1280)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/admin/")
    search = page.locator("main form[action*='/pages/']")
    assert search.is_visible() is offers
    assert page.locator(".review-find").is_visible() is (group in (OFFICERS, SUPERVISORS))
    if offers:
        search.locator("[name=q]").fill("陸生")
        with page.expect_navigation() as led:
            search.locator("[name=q]").press("Enter")
        assert led.value
        assert led.value.status == 200
