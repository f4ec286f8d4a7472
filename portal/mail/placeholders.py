"""Which emails have words that editors may change, and what may stand in them: `{case_no}` is a placeholder 欄位.

Who sends an email registers it. Words of emails that open an account, and of those to staff, are not registered: whoever could
change them could lead people astray.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template import engines

HOLE: Final = re.compile(r"\{([^{}]*)\}")
BRACE: Final = re.compile(r"[{}]")


@dataclass(frozen=True)
class Placeholder:
    """`source` says in the language of templates what stands there; words without one that `is_needed` are refused."""

    name: str
    label: str
    source: str
    is_needed: bool = False

    def __str__(self) -> str:
        return f"{{{self.name}}} {self.label}"


HELPLINE: Final = Placeholder("helpline", "諮詢專線與服務時間", '{% include "portal/mail/helpline.txt" %}')


@dataclass(frozen=True)
class EmailKind:
    """One of the emails by the name of its template, what editors call it, and what may stand in its words."""

    code: str
    label: str
    placeholders: tuple[Placeholder, ...]

    def faults(self, subject: str, text: str) -> Iterator[tuple[str, str]]:
        """What is wrong with these words: which of the two, and a sentence for the editor."""
        if BRACE.search(subject):
            yield "subject", "主旨不能使用欄位：主旨會出現在寄送紀錄裡，不放個人資料。"
        known = "、".join(map(str, self.placeholders))
        if unknown := sorted(set(HOLE.findall(text)) - {each.name for each in self.placeholders}):
            names = "、".join(f"{{{name}}}" for name in unknown)
            yield "text", f"這封信沒有 {names} 這個欄位。可使用：{known}。"
        elif BRACE.search(HOLE.sub("", text)):
            yield "text", f"大括號只用於欄位，且須成對。可使用：{known}。"
        if missing := [each for each in self.placeholders if each.is_needed and f"{{{each.name}}}" not in text]:
            yield "text", f"這封信必須包含：{'、'.join(map(str, missing))}。"

    def values(self, context: Mapping[str, Any]) -> dict[str, str]:
        """What stands in each place."""
        return {each.name: _rendered(each.source, context) for each in self.placeholders}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Once: what stands in a place is not looked through for places."""
    return HOLE.sub(lambda hole: values[hole[1]], text)


_kinds: dict[str, EmailKind] = {}


def register(code: str, label: str, *placeholders: Placeholder) -> None:
    """Editors may change the words of this email."""
    _kinds[code] = EmailKind(code, label, placeholders)


def all_kinds() -> list[EmailKind]:
    """In the order of their names in the code."""
    return [_kinds[code] for code in sorted(_kinds)]


def get(code: str) -> EmailKind | None:
    return _kinds.get(code)


def _rendered(source: str, context: Mapping[str, Any]) -> str:
    whole = "{% load i18n humanize %}{% autoescape off %}" + source + "{% endautoescape %}"
    return engines["django"].from_string(whole).render(dict(context)).strip()
