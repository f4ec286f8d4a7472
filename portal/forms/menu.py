"""線上申辦 in the student's menu: the category's kinds of application, in the manual's order."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.menu import Entry, Link, register
from portal.cases import kinds

register(
    Entry(
        20,
        _("線上申辦"),
        frozenset({"forms"}),
        links=lambda category: [
            Link(kind.menu, "forms:start", (kind.code,), corrects_records=kind.corrects_records)
            for kind in kinds.of_category(category.slug)
        ],
    )
)
