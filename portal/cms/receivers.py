"""Whatever editors write throws the kept pages away."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, RevisionMixin, Site
from wagtail.signals import post_page_move

from .page_cache import throw_away_after_commit

# Pages, snippets, settings and pictures; drafts too, which costs one drawing of each page.
EDITORIAL = (Page, RevisionMixin, BaseGenericSetting, BaseSiteSetting, AbstractImage, Site, Locale)


@receiver([post_save, post_delete])
def throw_kept_pages_away(sender: type[Model], **kwargs: Any) -> None:
    if issubclass(sender, EDITORIAL):
        throw_away_after_commit()


@receiver(post_page_move)
def throw_moved_pages_away(**kwargs: Any) -> None:
    throw_away_after_commit()
