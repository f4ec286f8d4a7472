"""登入: a session is a row that knows whose it is, so that ending sessions is deleting rows.

It ends so long after it was used last (`idle`), and LONGEST after its log-in at the latest; `expire_date` is the earlier one.
The cookie holds a random key, the row a digest of it and the session's data encrypted: who reads the database is logged in
nowhere, and learns nothing of what a session remembers.
"""

import hashlib
import logging
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from portal.encryption.ciphers import CannotDecrypt
from portal.encryption.fields import EncryptedTextField

logger = logging.getLogger(__name__)
LONGEST: Final = timedelta(hours=8)
# A page that is used again within this time is not written down again.
TOUCH_EVERY: Final = timedelta(minutes=1)
# An ended session's row tells for a while whose it was.
REMEMBERED: Final = timedelta(days=1)
# What the log-in says of itself, in the session's data: network, agent, idle, began_at.
VISIT: Final = "visit"


def row_key_of(key: str) -> str:
    """What the row keeps of a cookie's key. Keys are long and random, so a plain digest is enough."""
    return hashlib.sha256(f"portal.session:{key}".encode(errors="replace")).hexdigest()


class AccountSession(AbstractBaseSession):
    """One session. Of a log-in it keeps when, from where and with which browser; of a visitor's, nothing."""

    # A digest; `SessionStore.row_key` is a request's.
    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = EncryptedTextField(bound_to="session_key")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions", null=True, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    idle = models.DurationField(default=timedelta)
    network = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    # Wrong answers to 目前密碼; counted before a password is looked at.
    wrong_passwords = models.PositiveSmallIntegerField(default=0)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore

    def save(self, *args: Any, force_update: bool = False, **kwargs: Any) -> None:
        """Saved again, a session leaves the count of wrong passwords to those who count."""
        if force_update:
            kept = {"session_key", "wrong_passwords"}
            kwargs["update_fields"] = [field.name for field in self._meta.concrete_fields if field.name not in kept]
        super().save(*args, force_update=force_update, **kwargs)

    def seen(self, now: datetime) -> None:
        """Somebody uses it: it goes on for `idle`, within LONGEST."""
        self.last_seen = now
        self.expire_date = min(now + self.idle, self.began_at + LONGEST)

    def is_open(self, now: datetime) -> bool:
        return now < self.expire_date


class SessionStore(DatabaseSessionStore):
    """SESSION_ENGINE. The time is the row's to tell; the cookie lasts as long as the browser is open."""

    row: AccountSession | None = None
    # The browser goes on bringing the key of a log-in that is over (middleware).
    keeps_key = False

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.was_given = bool(session_key)
        self._before: dict[str, Any] = {}

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        return AccountSession

    @classmethod
    def clear_expired(cls) -> None:
        """Forget those that ended more than REMEMBERED ago."""
        AccountSession.objects.filter(expire_date__lt=timezone.now() - REMEMBERED).delete()

    @property
    def row_key(self) -> str:
        """The primary key of its row; "" without one."""
        return row_key_of(self.session_key) if self.session_key else ""

    def exists(self, session_key: str) -> bool:
        return AccountSession.objects.filter(pk=row_key_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            AccountSession.objects.filter(pk=row_key_of(key)).delete()

    def load(self) -> dict[str, Any]:
        self.row = AccountSession.objects.filter(pk=self.row_key).first()
        if self.row and self.row.is_open(timezone.now()):
            try:
                found = self.decode(self.row.session_data)
                self._before = deepcopy(found)
                return found
            except CannotDecrypt as error:  # a key was taken away: logged out, and said so
                logger.error("a session cannot be read: %s", error)
        self._session_key = None
        return {}

    # Django's ask for the row by the cookie's key; these are the methods above, in a thread.
    aexists, acreate, asave = SessionBase.aexists, SessionBase.acreate, SessionBase.asave
    adelete, aload = SessionBase.adelete, SessionBase.aload

    def save(self, must_create: bool = False) -> None:
        """Of a session that is there, what this request changed is written, and what another wrote meanwhile stays."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            self._before = deepcopy(cast(Any, self)._get_session(no_load=True))
            return
        with transaction.atomic():
            row = lock(self.row_key)
            if row is not None:
                mine = cast(Any, self)._session
                self._session_cache = _merged(self.decode(row.session_data), before=self._before, after=mine)
            super().save()
        self._before = deepcopy(cast(Any, self)._session)

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        row = cast(AccountSession, super().create_model_instance(data))
        row.session_key = self.row_key
        if SESSION_KEY in data:
            visit = data[VISIT]
            row.account_id = int(data[SESSION_KEY])
            row.network, row.agent = visit["network"], visit["agent"]
            row.began_at, row.idle = datetime.fromisoformat(visit["began_at"]), timedelta(seconds=visit["idle"])
            row.seen(timezone.now())
        self.row = row
        return row

    def is_empty(self) -> bool:
        """Django lets the browser forget the key of an empty one."""
        return not self.keeps_key and super().is_empty()

    def get_expire_at_browser_close(self) -> bool:
        return True

    def begin(self, *, network: str, agent: str, idle: timedelta, now: datetime) -> None:
        """Somebody logged in."""
        self[VISIT] = {"network": network, "agent": agent, "idle": idle.total_seconds(), "began_at": now.isoformat()}

    def touch(self, now: datetime) -> None:
        """A page was asked for: the log-in goes on. A visitor's session is not prolonged."""
        row = self.row
        if row is None or row.account_id is None or not row.is_open(now) or now - row.last_seen < TOUCH_EVERY:
            return
        row.seen(now)
        AccountSession.objects.filter(pk=row.pk).update(last_seen=row.last_seen, expire_date=row.expire_date)

    def left(self, now: datetime) -> timedelta:
        """How long the log-in goes on if nothing is done."""
        if SESSION_KEY not in self or self.row is None:
            return timedelta()
        return max(self.row.expire_date - now, timedelta())

    @property
    def has_ended(self) -> bool:
        """The browser brought the key of a log-in that is over."""
        gone = self.was_given and SESSION_KEY not in self and self.session_key is None  # the second question loads it
        return gone and (self.row is None or self.row.account_id is not None)

    @property
    def ended_account(self) -> int | None:
        """Whose log-in that was, if it is still known."""
        return self.row.account_id if self.has_ended and self.row else None


def lock(row_key: str) -> AccountSession | None:
    """The row as it is now, held until commit."""
    return AccountSession.objects.select_for_update().filter(pk=row_key).first()


def _merged(now: dict[str, Any], *, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    gone = before.keys() - after.keys()
    return {key: value for key, value in {**now, **changed}.items() if key not in gone}


def session_of(request: HttpRequest) -> SessionStore:
    """The request's session, as what it is."""
    return cast(SessionStore, request.session)
