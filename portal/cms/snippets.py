"""What editors write beside the pages: drafts, live preview, workflow, schedule, lock and history are Wagtail's."""
# mypy: allow-untyped-calls
# Wagtail's classes carry no types.

from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from .preview import framed_by_the_admin

S = TypeVar("S", bound="EditorialSnippet")


class EditorialSnippet(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A text with a life of its own; the preview shows it on a page, in each language."""

    preview_template: ClassVar[str]

    class Meta:
        abstract = True

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> None:
        """With all that follows from it, or not at all."""
        super().publish(*args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.preview_template

    @framed_by_the_admin
    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Drawn while the language of the preview holds."""
        with translation.override(mode_name):
            response: HttpResponse = super().serve_preview(request, mode_name).render()
        return response


def in_force(snippets: QuerySet[S], *, now: datetime) -> QuerySet[S]:
    """Those that are published and whose end has not come, even where the scheduler is late."""
    return snippets.filter(live=True).exclude(expire_at__lte=now)


def publish_new(snippet: EditorialSnippet) -> None:
    """Save a new one and publish it, as an editor would: it has a history from the beginning."""
    snippet.live = False
    snippet.save()
    snippet.save_revision().publish()
