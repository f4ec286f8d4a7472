"""線上繳費 in the student's menu."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.menu import Entry, register

register(Entry(30, _("線上繳費"), frozenset({"payments"}), view="payments:list"))
