"""/demo/components/: every component of the design system in every state, drawn by the templates that the pages use."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.categories import all_categories

from . import component_samples as samples


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """One page, a section for each component."""
    if not settings.DEMO:
        raise Http404
    context = {
        **samples.every_form(),
        **samples.page_blocks(),
        **samples.student_blocks(next(all_categories())),
        "messages": samples.messages(),
    }
    return render(request, "portal/demo/components.html", context)
