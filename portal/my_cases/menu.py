"""待辦事項 and 進度查詢 in the student's menu."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.menu import Entry, Link, register

register(Entry(10, _("待辦事項"), frozenset({"my_cases:todo"}), view="my_cases:todo"))
register(
    Entry(
        25,
        _("進度查詢"),
        frozenset({f"my_cases:{name}" for name in ("progress", "case", "corrections", "correction", "withdraw", "withdrawal")}),
        links=lambda category: (
            Link(_("案件進度查詢"), "my_cases:progress"),
            Link(_("補正(件)列表"), "my_cases:corrections"),
            Link(_("案件撤銷"), "my_cases:withdraw"),
        ),
    )
)
