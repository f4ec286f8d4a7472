"""The admin is the agency's: its own name and mark, and no way to another site."""

import re

from django.test import Client
from django.urls import reverse

from portal.accounts.models import User


def test_the_admin_bears_the_portals_name_and_mark(officer_client: Client) -> None:
    text = officer_client.get(reverse("wagtailadmin_home")).content.decode()
    assert re.search(r"<title>.* - 學生線上申辦系統</title>", text)
    assert '<link rel="icon" href="/static/portal/img/favicon.svg" type="image/svg+xml">' in text
    assert '<template data-wagtail-sidebar-branding-logo><img src="/static/portal/img/mark.svg"' in text


def test_the_log_in_page_bears_them_too(client: Client, db: None) -> None:
    text = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "<h1>學生線上申辦系統<br>管理後臺</h1>" in text
    assert 'src="/static/portal/img/mark.svg"' in text


def test_nothing_in_the_admin_leads_to_another_site(officer_client: Client) -> None:
    text = officer_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "https://" not in text
    assert "快速鍵" in text


def test_who_is_logged_in_is_greeted_by_name(officer_client: Client, officer: User) -> None:
    officer.chinese_name = "王審查"
    officer.save()
    assert '<h2 class="w-label-1 w-mt-0 w-mb-1">王審查</h2>' in officer_client.get(reverse("wagtailadmin_home")).content.decode()
