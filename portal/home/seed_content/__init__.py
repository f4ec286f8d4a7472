"""What the landing page, the standard pages and the sitemap say on a fresh site; editors change it in the admin."""

from collections.abc import Mapping

from . import en, zh_hans, zh_hant
from .shape import Words

CONTENT: Mapping[str, Words] = {"zh-hant": zh_hant.WORDS, "en": en.WORDS, "zh-hans": zh_hans.WORDS}
