"""The form of the page editor."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

import re
from collections import defaultdict
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms.utils import ErrorList
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.blocks import BlockField, StreamValue
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import Page

from portal.core.languages import language_of
from portal.fields.cleaning import CleanForm, cleaned_within

from . import accessibility

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PageForm(WagtailAdminPageForm):
    """A page is published, or handed on for publishing, only when everybody can read it. A draft may be as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.validators = [each for each in slug.validators if not isinstance(each, RegexValidator)]  # ours says it better

    def clean_slug(self) -> str:
        """A title in Chinese leaves it empty, and an empty one keeps a page from being saved: one is made."""
        typed: str = self.cleaned_data["slug"] or self.instance.slug
        if typed and typed != self.instance.slug and (wrong := wrong_address(typed, self.parent_page)):
            raise ValidationError(wrong)
        return typed or next(name for number in count(1) if self._is_free(name := f"page-{number}"))

    def _is_free(self, slug: str) -> bool:
        found: bool = Page._slug_is_available(slug, self.parent_page, self.instance)
        return found

    def _clean_form(self) -> None:
        """Every text within a block is cleaned as in a field of its own, whatever the block is."""
        super()._clean_form()
        for name, value in self.cleaned_data.items():
            if isinstance(value, StreamValue):
                held = value.get_prep_value()
                if (cleaned := cleaned_within(held)) != held:
                    self.cleaned_data[name] = value.stream_block.to_python(cleaned)

    def _post_clean(self) -> None:
        """Django's last step: only now the page holds what was typed."""
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        found: dict[str, list[str]] = defaultdict(list)
        for fault in accessibility.faults(self.instance):
            found[fault.field].append(fault.message)
        for name, messages in found.items():
            self.add_error(name if name in self.fields else None, self._told(name, messages))

    def _told(self, name: str, messages: list[str]) -> ValidationError:
        """A StreamField shows the errors of its own kind only."""
        if isinstance(self.fields.get(name), BlockField):
            return StreamBlockValidationError(non_block_errors=ErrorList(messages))
        return ValidationError(messages)


class PageCopyForm(CleanForm, CopyForm):
    """複製: the copy's address is held to what a page's own form asks."""

    def clean(self) -> Any:
        cleaned = super().clean()
        slug, above = cleaned.get("new_slug"), cleaned.get("new_parent_page")
        if slug and above and not self.errors and (wrong := wrong_address(slug, above)):
            self.add_error("new_slug", wrong)
        return cleaned


def wrong_address(slug: str, above: Page) -> str:
    """Why a new page is not to be called so there, or nothing: Wagtail takes any script and any address."""
    return taken_address(slug, above) if SLUG.fullmatch(slug) else "網址名稱只用英文小寫、數字與連字號。"


def taken_address(slug: str, above: Page) -> str:
    """Why no page can stand there, or nothing: where the portal has something else it is seen by nobody."""
    # Without the host, which Wagtail puts before it as soon as there is a second site.
    address = (above.get_url_parts() or ("", "", ""))[2]
    if address and not _leads_to_a_page(f"{address}{slug}/", language_of(address)):
        return f"網址名稱「{slug}」是系統其他功能的網址，請換一個。"
    return ""


def _leads_to_a_page(address: str, language: str) -> bool:
    """Whether visitors who ask for it are given the page of that address: no other view, language or file."""
    # Of one that is empty, for the files are elsewhere, Django makes the first / of every address.
    files = tuple(url for url in (settings.STATIC_URL, settings.MEDIA_URL) if url != "/")
    if language_of(address) != language or address.startswith(files):
        return False
    with translation.override(language):
        try:
            return resolve(address).view_name == "wagtail_serve"
        except Resolver404:
            return False
