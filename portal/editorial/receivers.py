"""What follows from publishing."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from . import declaration_versions
from .declaration import Declaration


@receiver(published, sender=Declaration)
def keep_the_published_words(instance: Declaration, **kwargs: Any) -> None:
    """In the publishing's own transaction. Wagtail sends this too when a publishing is only planned."""
    if instance.live:
        declaration_versions.keep_version(instance, now=timezone.now())
