"""Why an application is not approved 不予核准原因: codes, so that they can be counted and translated."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise


@dataclass(frozen=True)
class RejectReason:
    """One ground in law; `law` names the article that holds it."""

    code: str
    label: StrOrPromise
    law: StrOrPromise = ""


# Grounds that every permit law knows; a kind may name its own (CaseKind.reject_reasons).
COMMON = (
    RejectReason("false_statement", _("虛偽陳述、隱瞞或偽變造文書")),
    RejectReason("purpose_lost", _("原申請事由或目的消失")),
    RejectReason("valid_permit", _("已領有有效許可證再申請")),
    RejectReason("other_law", _("其他法令規定")),
)

# Given by `expire`, never chosen by an officer.
DEADLINE_MISSED = RejectReason("deadline_missed", _("逾期未補正(件)"))
