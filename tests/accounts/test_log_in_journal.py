"""登入紀錄 in the admin."""

import re

from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from tests.staff import logged_in, make_administrator

from .steps import log_in, text


def test_supervisors_read_how_each_try_ended_and_no_name(client: Client, owner: User, db: None) -> None:
    log_in(client, password="not the password")
    log_in(client)
    log_in(Client(), username="nobody-here")
    staff = logged_in(make_administrator())
    page = text(staff.get(reverse("portal_accounts_loginattempt_modeladmin_index")))
    rows = re.findall(r'<td class="field-outcome[^"]*">\s*(.+?)\s*</td>', page)
    assert rows == ["帳號或密碼錯誤", "登入成功", "帳號或密碼錯誤"]
    assert owner.username not in page
    assert "nobody-here" not in page
