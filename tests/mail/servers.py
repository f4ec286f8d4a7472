"""Mail servers that the tests name in EMAIL_BACKEND."""

import threading
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class DownServer(BaseEmailBackend):
    """Answers nobody."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class StrictServer(EmailBackend):
    """Refuses everybody at nowhere.test."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        refused = {to: (550, b"no such user") for message in messages for to in message.to if to.endswith("@nowhere.test")}
        if refused:
            raise SMTPRecipientsRefused(refused)
        return super().send_messages(messages)


class SlowServer(EmailBackend):
    """Keeps its first email in hand until the test has seen what a second sender does."""

    has_it = threading.Event()
    may_go_on = threading.Event()

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not self.has_it.is_set():
            self.has_it.set()
            assert self.may_go_on.wait(timeout=30)
        return super().send_messages(messages)
