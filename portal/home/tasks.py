"""What editors planned happens on time."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

log = logging.getLogger(__name__)


class NotPublished(Exception):
    """Something that was planned could not be published: the log names it, 系統狀態 shows that the task failed."""


@shared_task
def publish_scheduled() -> None:
    """Publish and unpublish the pages and snippets that are due, as Wagtail's command does.

    That one ends at the first that cannot be published, for its address was given to another page meanwhile, and comes to none
    of those after it. Here it keeps nobody waiting; it is tried again each time, until an editor plans it anew.
    """
    refused = [name for name, do in _due(timezone.now()) if not _is_done(name, do)]
    if refused:
        raise NotPublished(", ".join(refused))


def _is_done(name: str, do: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            do()
    except (ValidationError, IntegrityError) as error:
        log.error("%s cannot be published as planned: %s", name, type(error).__name__)
        return False
    return True


def _due(now: datetime) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each with its name for the log: first what comes to its end, then what begins."""
    snippets = (each for each in apps.get_models() if issubclass(each, DraftStateMixin) and not issubclass(each, Page))
    models: list[Any] = [Page, *snippets]
    for model in models:
        for over in list(model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")):
            end = partial(over.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
            yield f"{model._meta.model_name} {over.pk}", end
    planned = Revision.objects.filter(approved_go_live_at__lt=now).select_related("content_type")
    for revision in planned.order_by("approved_go_live_at"):
        begin = partial(revision.publish, log_action="wagtail.publish.scheduled")
        yield f"{revision.content_type.model} {revision.object_id}", begin
