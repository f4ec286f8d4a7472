"""One page type with a title."""

from wagtail.models import Page


class BarePage(Page):
    template = "bare.html"
