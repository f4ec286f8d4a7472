"""Whatever editors write throws the kept pages away."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, RevisionMixin, Site
from wagtail.signals import post_page_move

from .page_cache import invalidate_on_commit

# Pages, snippets, settings, pictures and documents; drafts too, which costs one drawing of each page.
EDITORIAL = (Page, RevisionMixin, BaseGenericSetting, BaseSiteSetting, AbstractImage, AbstractDocument, Site, Locale)


@receiver([post_save, post_delete])
def invalidate_pages(sender: type[Model], **kwargs: Any) -> None:
    if issubclass(sender, EDITORIAL):
        invalidate_on_commit()


@receiver(post_page_move)
def invalidate_moved_pages(**kwargs: Any) -> None:
    invalidate_on_commit()
