"""Words that every page takes from the editors."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from django import template

from portal.home.models import ContactSettings

register = template.Library()


@register.simple_tag
def contact() -> ContactSettings:
    """Agency, hotline and hours; the manual's own until an editor saves others."""
    return ContactSettings.objects.first() or ContactSettings()
