"""The text of an email: as editors have worded it, or else as it was shipped."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from portal.cms.snippets import in_force

from . import placeholders
from .models import EmailText

log = logging.getLogger(__name__)


def text_of(code: str, context: Mapping[str, Any], *, now: datetime) -> str:
    """Subject and, from the second line on, body, in the language that holds now."""
    return _of_editors(code, context, now) or render_to_string(f"portal/mail/{code}.txt", dict(context))


def _of_editors(code: str, context: Mapping[str, Any], now: datetime) -> str:
    kind = placeholders.get(code)
    words = in_force(EmailText.objects.filter(kind=code), now=now).first() if kind else None
    if kind is None or words is None:
        return ""
    subject, text = words.words(get_language())
    if not text:
        return ""
    if list(kind.faults(subject, text)):  # a release has taken a placeholder away
        log.warning("the words of editors for %s do not fit it any more; it goes out as shipped", code)
        return ""
    return f"{subject}\n{placeholders.filled(text, kind.values(context))}"
