"""What is done to many pages chosen in a list is done to their translations, as where it is done to one page.

Wagtail asks for the translations of one page only: of many, those in other languages stayed public, or were left without source.
"""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's views carry no types.

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction, MoveBulkAction, UnpublishBulkAction
from wagtail.contrib.simple_translation.wagtail_hooks import construct_translated_pages_to_cascade_actions
from wagtail.log_actions import log
from wagtail.models import Page

from .translated_pages import TAKEN_ALONG


class WithTranslations(BulkAction):
    """They are named on the page that asks, each once, and those only that the editor may do it to."""

    taken_along: list[tuple[Page, Page]] = []  # translations, with the page that was chosen

    def get_actionable_objects(self) -> Any:
        chosen, without = super().get_actionable_objects()
        pages, self.taken_along = list(chosen), []
        for page, translations in _in_other_languages(chosen, self.action_type).items():
            for translation in self.still_to_do(translations):
                if translation in pages:
                    continue
                if self.check_perm(translation):
                    pages.append(translation)
                    self.taken_along.append((translation, page))
                else:
                    without["items_with_no_access"].append(translation)
        return pages, without

    def still_to_do(self, translations: Any) -> Any:
        return translations


@hooks.register("register_bulk_action", order=1000)  # in the place of Wagtail's
class DeleteWithTranslations(WithTranslations, DeleteBulkAction):
    """Aliases, too."""


@hooks.register("register_bulk_action", order=1000)
class UnpublishWithTranslations(WithTranslations, UnpublishBulkAction):
    """Aliases follow their source by themselves."""

    def still_to_do(self, translations: Any) -> Any:
        return translations.live()


@hooks.register("after_bulk_action")  # type: ignore[untyped-decorator]
def finish(request: HttpRequest, action: str, pages: list[Page], view: Any) -> None:
    """Publishing a page again brings those back that went along; what is moved is in the same place in every language."""
    if isinstance(view, UnpublishWithTranslations):
        for translation, page in view.taken_along:
            log(instance=translation, action=TAKEN_ALONG, user=request.user, data={"page": page.pk})
    if isinstance(view, MoveBulkAction):
        destination = view.get_execution_context()["destination"]
        for translations in _in_other_languages(pages, "move").values():
            _move(translations, destination, user=request.user)


def _in_other_languages(pages: list[Page], action: str) -> Any:
    """Translations by their page; none on a site that keeps its languages apart (WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE)."""
    return construct_translated_pages_to_cascade_actions(pages, action) or {}


def _move(translations: Any, destination: Page, *, user: Any) -> None:
    """As far as the place in their language is free, and the editor may."""
    for translation in translations:
        there = destination.get_translation_or_none(translation.locale)
        if there is None or not translation.permissions_for_user(user).can_move_to(there):
            continue
        if Page._slug_is_available(translation.slug, there, translation):
            translation.move(there, pos="last-child", user=user)
