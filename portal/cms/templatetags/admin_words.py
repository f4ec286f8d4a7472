"""Words that Wagtail's templates write in English without asking for a translation."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

# The hidden button beside each search field, and the buttons in a page's head.
UNMARKED = {'type="submit" value="Search"': "Search", 'nav aria-label="Actions"': "Actions"}


@register.filter
def translate_unmarked(html: SafeString) -> SafeString:
    """The same HTML with those words in the reader's language."""
    for written, word in UNMARKED.items():
        html = mark_safe(html.replace(written, written.replace(word, _(word))))  # noqa: S308 - HTML already, the words are ours
    # The name of a model without one, among the permissions of a group.
    return mark_safe(html.replace("<h3>Simple translation</h3>", f"<h3>{_('翻譯頁面')}</h3>"))  # noqa: S308 - as above
