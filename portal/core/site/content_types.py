"""What a request, and each part of a form, says of its own type. Pages, forms and gateways speak UTF-8, whatever somebody names.

Django decodes a query string and a form in the character set that Content-Type names, be it one that is no text (`rot13`) or one
that spells NUL and half characters (`unicode_escape`), and it fails where the header breaks the rules of RFC 2231.
"""

from typing import Final

from django.http import multipartparser, request
from django.utils.http import parse_header_parameters

# How the library's reader of emails, which Django reads the header with, fails at one that is none.
BROKEN: Final = (ValueError, TypeError, LookupError)


def parameters(line: str) -> tuple[str, dict[str, str]]:
    """The type and its parameters, without a character set; of what cannot be read, nothing."""
    try:
        kind, found = parse_header_parameters(line)
    except BROKEN:
        return "", {}
    return kind, {name: value for name, value in found.items() if name != "charset"}


def install() -> None:
    """In the place of Django's own: a request is made before any middleware could look at it."""
    for module in (request, multipartparser):
        module.parse_header_parameters = parameters  # type: ignore[attr-defined]
