"""Words that every page takes from the editors."""

from django import template
from django.template import Context
from django.utils.functional import SimpleLazyObject

from portal.core.page_cache import furniture
from portal.home.models import ContactSettings

register = template.Library()


@register.simple_tag(takes_context=True)
def contact(context: Context) -> "SimpleLazyObject[ContactSettings]":
    """Agency, hotline and hours, asked only by a page that shows them; the manual's own until an editor saves others."""
    return SimpleLazyObject(lambda: furniture(context["request"], "contact", _contact))


def _contact() -> ContactSettings:
    return ContactSettings.objects.first() or ContactSettings()  # type: ignore[no-untyped-call]
