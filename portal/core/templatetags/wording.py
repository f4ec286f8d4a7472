"""Words of editors in the page's language."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from portal.core.wording import Wording, in_language

register = template.Library()


@register.filter
def words(row: Any, field: str) -> Wording:
    """`{% with text=notice|words:"text" %}`: the field in the page's language, or in 正體中文 (`is_fallback`)."""
    return in_language(row, field, get_language() or settings.LANGUAGE_CODE)
