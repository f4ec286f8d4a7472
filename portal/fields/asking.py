"""What an empty field says: its label as part of a sentence."""

import re
from typing import Any, Final

from django import forms
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Words that begin labels in English and keep their capital within a sentence; a name of several words keeps it as well.
NAMES: Final = frozenset({"Chinese", "English", "Taiwan"})
_NAME: Final = re.compile("[A-Z][A-Za-z]* [A-Z]")
_LATIN: Final = re.compile("[A-Za-z0-9]")


def _in_sentence(label: str | Promise) -> str:
    text, language = str(label), get_language() or ""
    if language == "en" and text.partition(" ")[0] not in NAMES and not _NAME.match(text):
        return text[:1].lower() + text[1:]
    return f" {text}" if language.startswith("zh") and _LATIN.match(text) else text


def _ask(label: str | Promise, is_choice: bool) -> str:
    text = str(label)
    if text.endswith("?") or ": " in text:  # a question, or a label that says of whom
        return _("請回答「{label}」").format(label=text)
    return (_("請選擇{label}") if is_choice else _("請輸入{label}")).format(label=in_sentence(label))


# A label after other words: lower case in English, a blank between Han and Latin.
in_sentence = lazy(_in_sentence, str)
_ask_for = lazy(_ask, str)


def ask_for(field: forms.Field, label: str | Promise | None = None) -> Any:
    """What the field says when it is empty, in the language of whichever page it stands on."""
    # Compared with None: to ask a translated label whether it is empty is to translate it, for each field of a form.
    asked = field.label if label is None else label
    return _ask_for("" if asked is None else asked, isinstance(field, forms.ChoiceField | forms.BooleanField))
