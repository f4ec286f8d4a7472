"""Languages in addresses: 正體中文 has no prefix, the others have `/en/`, `/zh-hans/`. And the words of the source language."""

from typing import Final

from django.conf import settings
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import trans_real

# What `lang` and `hreflang` say: the script, and for the source language the place.
TAGS: Final = {"zh-hant": "zh-Hant-TW", "zh-hans": "zh-Hans", "en": "en"}


def language_of(address: str) -> str:
    """The language that an address on this site is written in."""
    path = address.partition("?")[0]
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def front_page(language: str) -> str:
    """The address of the landing page in that language."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def in_language(address: str, language: str) -> str:
    """The same page in another language; the landing page in that language where there is no such page."""
    with translation.override(language_of(address)):
        found = translate_url(address, language)
    return found if language_of(found) == language else front_page(language)


def find_own_words_at_once() -> None:
    """Make each string of ours its own translation into the language that it is written in.

    Without, Django looks for it in every catalogue of every installed package, two dozen with Wagtail's, before it says the
    string as it is: a tenth of the time of an application form.
    """
    source, english = trans_real.translation(settings.LANGUAGE_CODE), trans_real.translation("en")
    catalogue = source._catalog  # type: ignore[attr-defined]  # the standard library's name for it
    for message in dict(english._catalog.items()):  # type: ignore[attr-defined]
        if isinstance(message, str) and source.gettext(message) == message:
            catalogue[message] = message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
