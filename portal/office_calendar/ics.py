"""Days worth remembering, as a file for the student's own calendar."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpResponse
from icalendar import Calendar, Event

from portal.core.categories import StrOrPromise

FIRST_YEAR, LAST_YEAR = 1900, 2999


def day_of(text: str) -> date:
    """A day as an address names it; raises ValueError where no calendar has it or the day after it."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return day


def whole_day(name: str, day: date, summary: StrOrPromise, *, address: str, now: datetime) -> bytes:
    """One day as an .ics file (RFC 5545); the same `name` and day are the same entry, however often it is taken over."""
    event = Event()
    event.add("uid", f"{name}-{day:%Y%m%d}@{urlsplit(address).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", str(summary))
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//student-permit-portal//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def response(content: bytes, *, filename: str) -> HttpResponse:
    """The file as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
