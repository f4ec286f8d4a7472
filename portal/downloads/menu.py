"""下載專區 in the student's menu."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.menu import Entry, Link, register

register(
    Entry(
        40,
        _("下載專區"),
        frozenset({"downloads"}),
        links=lambda category: (Link(_("許可證下載"), "downloads:permits"), Link(_("收據下載"), "downloads:receipts")),
    )
)
