"""待辦事項 in the student's menu."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.menu import Entry, register

register(Entry(10, _("待辦事項"), frozenset({"my_cases:todo"}), view="my_cases:todo"))
