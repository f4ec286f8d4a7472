"""What a public page shows to who edits it."""

from django import template
from django.template import Context

from portal.cms.page_admin import staff_browser

register = template.Library()


@register.simple_tag(takes_context=True)
def edit_address(context: Context) -> str:
    """Where 編輯此頁 leads; "" on what everybody sees, and in a preview."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return ""
    return staff_browser.edit_address(request, context["page"])
