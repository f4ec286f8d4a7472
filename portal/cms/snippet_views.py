"""How editors make a new announcement, paper, reason or text: it is there once they save it."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's views carry no types.

from typing import Any

from django.http import HttpRequest
from wagtail.snippets.views import snippets


class CreateView(snippets.CreateView):
    """Wagtail's would save by itself what is not filled in yet: blank drafts, which who made them may not delete."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False


class CopyView(snippets.CopyView, CreateView):
    """The form filled in, which goes where a new one is sent. Sent here it would overwrite what is copied."""

    http_method_names = ["get", "head"]


class EditorialViewSet(snippets.SnippetViewSet):
    """The views of whatever editors write beside the pages."""

    add_view_class = CreateView
    copy_view_class = CopyView
