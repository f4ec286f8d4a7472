"""Words that every page takes from the editors."""

from django import template
from django.utils.functional import SimpleLazyObject

from portal.home.models import ContactSettings

register = template.Library()


@register.simple_tag
def contact() -> "SimpleLazyObject[ContactSettings]":
    """Agency, hotline and hours, asked once and only by a page that shows them; the manual's own until an editor saves others."""
    return SimpleLazyObject(lambda: ContactSettings.objects.first() or ContactSettings())  # type: ignore[no-untyped-call]
