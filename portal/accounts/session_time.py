"""登入狀態: what the page about it says, and when it looks again."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from portal.core.categories import StudentCategory
from portal.sessions.engine import session_of

from .access import is_student_of

# So long before its end a log-in is warned: at 13 of 15 minutes.
WARN_BEFORE: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class SessionTime:
    """How much is left of a log-in; nothing is left of one that is over."""

    seconds: int
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest, category: StudentCategory, *, now: datetime) -> "SessionTime":
        left = session_of(request).left(now) if is_student_of(request, category) else timedelta()
        return cls(math.ceil(left.total_seconds()), now)

    @property
    def until(self) -> datetime:
        return self.now + timedelta(seconds=self.seconds)

    @property
    def is_over(self) -> bool:
        return self.seconds == 0

    @property
    def is_ending(self) -> bool:
        """即將自動登出."""
        return 0 < self.seconds <= WARN_BEFORE.total_seconds()

    @property
    def next_look(self) -> int:
        """Seconds until the page has something else to say; 0: never."""
        calm = self.seconds - int(WARN_BEFORE.total_seconds())
        return calm if calm > 0 else self.seconds
