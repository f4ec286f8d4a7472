"""What the 說明頁 says on a fresh site; editors change it in the admin."""

from collections.abc import Mapping

from . import en, zh_hans, zh_hant
from .shape import HkMacauStudentPageWords

CONTENT: Mapping[str, HkMacauStudentPageWords] = {"zh-hant": zh_hant.WORDS, "en": en.WORDS, "zh-hans": zh_hans.WORDS}
