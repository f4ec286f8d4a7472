"""The files that a page asks for can arrive: each address has a limit of its own, in the portal and in the web server before it.

The pages are gone through in test_tokens.py and, those of the admin, in test_admin_access.py.
"""

import re
from collections.abc import Iterator

from django.urls import resolve, reverse

from portal.throttling.body_limits import limit_of

from .file_table import ROOM
from .test_deploy import body_of

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
PROFILE = reverse("accounts:profile", args=["china-student"])
CORRECTION = reverse("my_cases:correction", args=["china-student", "115150000018"])


def places_of_files(html: str, path: str) -> Iterator[str]:
    """The addresses that files are sent to from this page."""
    for start, inside in FORM.findall(html):
        if 'type="file"' in inside:
            action = re.search(r'action="([^"?]+)', start)
            yield action[1] if action else path


def files_without_room(html: str, path: str) -> list[str]:
    """Where files are sent to from this page that have no row in ROOM, or do not pass what stands before the form."""
    return [where for where in places_of_files(html, path) if not has_room(where)]


def has_room(where: str) -> bool:
    needed = ROOM.get(resolve(where).view_name)
    return needed is not None and needed < limit_of(where).bytes == body_of(where)[1]


def test_what_has_no_room() -> None:
    form = '<form method="post"{}><input type="{}"></form>'
    assert files_without_room(form.format("", "file"), CORRECTION) == []
    assert files_without_room(form.format("", "file"), PROFILE) == [PROFILE]
    assert files_without_room(form.format(f' action="{PROFILE}?a=b"', "file"), CORRECTION) == [PROFILE]
    assert files_without_room(form.format("", "text"), PROFILE) == []
