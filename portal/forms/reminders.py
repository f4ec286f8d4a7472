"""Days worth remembering, as a file for the student's own calendar."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event

from portal.cases.kinds import CaseKind


def opening(kind: CaseKind, day: date, *, address: str, now: datetime) -> bytes:
    """The day from which on that kind may be applied for, as an .ics file (RFC 5545)."""
    event = Event()
    event.add("uid", f"{kind.category}-{kind.code}-{day:%Y%m%d}@{urlsplit(address).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", str(format_lazy(_("可以申請：{kind}"), kind=kind.name)))
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//student-permit-portal//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
