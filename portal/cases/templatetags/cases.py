"""What templates ask of cases: `{% load cases %}`."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.states import Status
from portal.core.categories import StudentCategory
from portal.fields.money import law_amount

register = template.Library()

TAGS: dict[Status, str] = {
    Status.SUBMITTED: "new",
    Status.IN_REVIEW: "review",
    Status.CORRECTION: "returned",
    Status.SUPPLEMENT: "returned",
    Status.AWAITING_PAYMENT: "pay",
    Status.COMPLETED: "done",
    Status.REJECTED: "closed",
    Status.WITHDRAWN: "closed",
    Status.LAPSED: "closed",
}


@register.simple_tag
def case_kinds(category: StudentCategory | None) -> list[CaseKind]:
    """The category's kinds of application, in the manual's order; none outside a category."""
    return list(kinds.of_category(category.slug)) if category else []


@register.filter
def status_tag(case: Case) -> SafeString:
    """The 案件狀態 as its student reads it."""
    tag = "pay" if case.is_blocked else TAGS[Status(case.status)]
    return format_html('<span class="tag tag-{}">{}</span>', tag, case.public_status)


@register.filter
def fee_in_words(amount: int) -> str:
    """A fee as the manual lists it, 新臺幣一千元; in figures where the language is not Chinese."""
    if (get_language() or "").startswith("zh"):
        return _("新臺幣{words}元").format(words=law_amount(amount))
    return _("新臺幣 %(amount)s 元") % {"amount": intcomma(amount)}
