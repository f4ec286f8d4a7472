"""Pages of the CMS that tests ask for."""

from collections.abc import Iterator
from typing import TypeVar

from django.core import serializers
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page, PageLogEntry, get_page_models
from wagtail.snippets.models import get_snippet_models

from .english import in_chinese, texts_in

P = TypeVar("P", bound=Page)


def source(model: type[P]) -> P:
    """The one page of that type in the source language."""
    found: P = model.objects.get(locale__language_code="zh-hant")
    return found


def hide_translations() -> None:
    """Pages in other languages lose their titles and their history, for who looks for English that is not theirs."""
    translated = Page.objects.exclude(locale__language_code="zh-hant")
    number = Concat(Value("譯頁"), Cast(F("pk"), CharField()))
    translated.update(title=number, draft_title=number)
    PageLogEntry.objects.filter(page__in=translated).delete()


def public_texts() -> Iterator[str]:
    """What pages and snippets say to the public in Chinese: their words are the editors', not the admin's."""
    for model in [*get_page_models(), *get_snippet_models()]:
        yield from in_chinese(texts_in(serializers.serialize("json", model._default_manager.all())))
