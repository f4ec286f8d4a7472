"""Words of editors in the page's language."""

import re
from typing import Any, Final

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.core.categories import StrOrPromise
from portal.core.languages import TAGS
from portal.core.wording import Wording, in_language

register = template.Library()
# What a label says besides the name: （西元）, (AD), and more than a name.
BRACKETS: Final = re.compile(r"[（(].*?[）)]")
HAN: Final = re.compile("[\u3400-\u9fff]")


@register.filter
def words(row: Any, field: str) -> Wording:
    """`{% with text=notice|words:"text" %}`: the field in the page's language, or in 正體中文 (`is_fallback`)."""
    return in_language(row, field, get_language() or settings.LANGUAGE_CODE)


def _name(label: StrOrPromise | None) -> str:
    return BRACKETS.sub("", str(label or "")).strip()


@register.filter
def naming(error: StrOrPromise, field: BoundField) -> str:
    """`{{ error|naming:field }}`: a message as it reads away from its field, with the field's name, once.

    What stands in brackets, such as （西元）, is no part of the name, but where another field has the same one without it.
    """
    said, name = str(error), _name(field.label)
    if sum(_name(other.label) == name for other in field.form) > 1:
        name = str(field.label)
    if not name or any(name.casefold() in text.casefold() for text in (said, _name(said))):
        return said
    return _("{label}：{error}").format(label=name, error=said)


@register.filter
def in_its_language(text: StrOrPromise) -> str:
    """A lazy text as the page shows it: where it stands there in 正體中文, marked as such."""
    said, language = str(text), settings.LANGUAGE_CODE
    if not isinstance(text, Promise) or get_language() == language:
        return said
    with override(language):
        if said != str(text):
            return said
    return format_html('<span lang="{}">{}</span>', TAGS[language], said)


@register.filter
def lang_of(typed: str) -> str:
    """`<p{{ opinion|lang_of }}>`: the attribute that what staff typed needs on a page in another language, or nothing."""
    language = settings.LANGUAGE_CODE
    return "" if get_language() == language or not HAN.search(str(typed)) else format_html(' lang="{}"', TAGS[language])
