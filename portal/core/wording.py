"""Words of editors in three languages, side by side in one row: `text`, `text_en`, `text_zh_hans`.

正體中文 is required; where a translation is missing it is shown instead, marked as what it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.functional import lazy
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from .categories import StrOrPromise
from .languages import TAGS

# What editors may do in such a text.
PLAIN: Final = ["bold", "link", "ol", "ul"]
# What other texts of a site may have besides: seen without a word.
_PICTURE: Final = re.compile("<(?:embed|img)[ />]")


@dataclass(frozen=True)
class Wording:
    """One text as a page shows it; `is_fallback` when it is not in the page's language."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return not is_blank(self.text)

    @property
    def lang(self) -> SafeString:
        """The attribute that an element with this text needs, or nothing."""
        return mark_safe(f' lang="{self.language}"' if self.is_fallback else "")  # noqa: S308  # one constant tag


def in_language(words: Any, field: str, language: str) -> Wording:
    """The field of a row in that language, or else in 正體中文."""
    source = getattr(words, field)
    if language == settings.LANGUAGE_CODE:
        return Wording(source, TAGS[settings.LANGUAGE_CODE], is_fallback=False)
    translated = getattr(words, f"{field}_{language.replace('-', '_')}")
    if is_blank(translated):
        return Wording(source, TAGS[settings.LANGUAGE_CODE], is_fallback=not is_blank(source))
    return Wording(translated, TAGS[language], is_fallback=False)


def is_blank(text: str) -> bool:
    """Whether nothing stands in it, no picture either; an emptied rich text still has its paragraph."""
    return not (_PICTURE.search(text) or strip_tags(text).replace("&nbsp;", " ").strip())


def in_every_language(text: StrOrPromise) -> dict[str, str]:
    """The text by language, fit for JSON."""
    said: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = str(text)
    return said


def _in_page_language(said: Mapping[str, str]) -> str:
    return said.get(get_language() or "") or said[settings.LANGUAGE_CODE]


# One text by language, as a string that is in the language of whichever page it stands on.
in_page_language = lazy(_in_page_language, str)
