"""A page and its translations go together: copied, taken off, brought back, renamed.

Unpublishing a page takes its translations along, by Wagtail's own hook (of many at once: bulk_actions). What it leaves out is
the way back: publishing the page again brings back those that went with it, as they last were, but none that an editor took off
by itself.
"""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from typing import Any, Final

from django.dispatch import receiver
from django.http import HttpRequest
from wagtail import hooks
from wagtail.contrib.simple_translation.models import after_create_page
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published, page_slug_changed

TAKEN_ALONG: Final = "portal.taken_along"
BROUGHT_BACK: Final = "portal.brought_back"
# The last of these says whether a page is off by itself.
_DEEDS: Final = ("wagtail.publish", "wagtail.unpublish", TAKEN_ALONG, BROUGHT_BACK)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action(TAKEN_ALONG, "隨其他語言取消發布", "隨其他語言的同一頁取消發布")
    actions.register_action(BROUGHT_BACK, "隨其他語言恢復發布", "隨其他語言的同一頁恢復發布")


@hooks.register("after_copy_page")  # type: ignore[untyped-decorator]
def show_copies_in_every_language(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copy is a new page, and those below it, in the language of its new place; Wagtail asks that of what is created only."""
    copies, above = new_page.get_descendants(inclusive=True), new_page.get_parent()
    if not above.is_root():
        copies.update(locale=above.locale)
    for copy in copies.filter(alias_of=None).order_by("path"):
        after_create_page(request, copy.specific)


@hooks.register("before_unpublish_page")  # type: ignore[untyped-decorator]
def remember_live_translations(request: HttpRequest, page: Page) -> None:
    request.live_translations = list(_own(page).live())  # type: ignore[attr-defined]


@hooks.register("after_unpublish_page")  # type: ignore[untyped-decorator]
def note_those_taken_along(request: HttpRequest, page: Page) -> None:
    for translation in _own(page).filter(pk__in=[one.pk for one in request.live_translations], live=False):  # type: ignore[attr-defined]
        log(instance=translation, action=TAKEN_ALONG, user=request.user, data={"page": page.pk})


@receiver(page_published)
def bring_back(instance: Page, **kwargs: Any) -> None:
    """Those that were taken off with this page, in the words that were public then."""
    for translation in _own(instance).filter(live=False):
        last = PageLogEntry.objects.filter(page=translation.pk, action__in=_DEEDS).order_by("pk").last()
        if last is None or last.action != TAKEN_ALONG or last.data["page"] != instance.pk:
            continue
        page = translation.specific
        page.live = True
        page.save(clean=False)
        page.update_aliases()
        log(instance=page, action=BROUGHT_BACK)


@receiver(page_slug_changed)
def rename_aliases(instance: Page, **kwargs: Any) -> None:
    """An untranslated page has the address of its source in every language; its old address leads to the new one."""
    for alias in Page.objects.filter(alias_of=instance, translation_key=instance.translation_key):
        if Page._slug_is_available(instance.slug, alias.get_parent(), alias):
            page = alias.specific
            page.slug = instance.slug
            page.save(clean=False)


def _own(page: Page) -> Any:
    """Its translations that have words of their own; aliases follow their source by themselves."""
    return Page.objects.translation_of(page).filter(alias_of=None)
