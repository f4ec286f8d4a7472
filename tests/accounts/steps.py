"""What a student does on the pages of chapters 1 and 2."""

from typing import Any

from django.conf import settings
from django.test import Client

from portal.accounts.tasks import write_requested_emails
from portal.mail.models import OutgoingMail
from portal.sessions.engine import SessionStore
from tests import people
from tests.captcha.solving import solved

HOME = "/china-student/individual"
LOGIN, LOGOUT, TODO = f"{HOME}/login/", f"{HOME}/logout/", f"{HOME}/todo/"
REGISTER, REGISTERED, RESEND = f"{HOME}/register/", f"{HOME}/register/done/", f"{HOME}/resend-activation/"
FORGOT, NEW_PASSWORD = f"{HOME}/forgot-password/", f"{HOME}/new-password/"

WANG = {
    "username": "xiaoming",
    "password": people.PASSWORD,
    "password_again": people.PASSWORD,
    "chinese_name": "王小明",
    "birth_date": "20040506",
    "ui_no": "A890000002",
    "permit_no": "",
    "travel_document_no": "L10000001",
    "school": "0003",
    "email": "xiaoming@example.test",
    "mobile": "0912345678",
}
CHEN = WANG | {
    "username": "meiling",
    "chinese_name": "陳美玲",
    "ui_no": "A990000013",
    "travel_document_no": "T20000002",
    "email": "meiling@example.test",
}


def submit(client: Client, url: str, data: dict[str, str]) -> Any:
    """Open the page, type `data` and the picture's emails, press the form's button; then the schedule has its turn."""
    page = client.get(url).content.decode()
    response = client.post(url, solved(page) | data)
    write_requested_emails()
    return response


def register(client: Client, **changes: str) -> Any:
    """王小明 fills the form."""
    return submit(client, REGISTER, WANG | changes)


def log_in(client: Client, username: str = "xiaoming", password: str = people.PASSWORD, **more: str) -> Any:
    return submit(client, LOGIN, {"username": username, "password": password, **more})


def last_link() -> str:
    """The path of the link in the newest activation email."""
    email = OutgoingMail.objects.filter(kind="activation").latest("pk")
    return next(line for line in email.body.splitlines() if "/activate/" in line).removeprefix("http://localhost:8000")


def text(response: Any) -> str:
    return str(response.content.decode())


def row_key(client: Client) -> str:
    """The primary key of the browser's session."""
    return SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value).row_key
