"""What 補正(件)–詳細 says of a case that does not wait for its student's correction, or not any more."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case, Return
from portal.cases.states import NEW
from portal.core.categories import StrOrPromise


@dataclass(frozen=True)
class Closed:
    """`is_done`: the correction was sent."""

    title: StrOrPromise
    text: StrOrPromise
    is_done: bool = False


DONE = Closed(
    _("補正(件)完成"),
    _("案件已移至「新申請案件」，由審核人員繼續審核；有結果時會以 Email 通知您。"),
    is_done=True,
)
DECIDED = Closed(DONE.title, _("補正(件)之後審核已有結果，請看案件詳細資料。"), is_done=True)
TAKEN_BACK = Closed(
    _("審核人員撤回了退補"),
    _("案件繼續審核，您目前不需要補正或補件。如再次退請補正，先前填寫的內容與上傳的檔案會自動帶入。"),
)
OVER = Closed(_("期限已過"), _("補正(件)期限已過，不能再送出；案件即將結束。"))
ENDED = Closed(_("案件已結束"), _("案件已經結束，不能補正(件)。目前的狀態請看案件詳細資料。"))
NOTHING = Closed(_("目前不需要補正(件)"), _("審核人員沒有請您補正或補件。"))


def closed(case: Case, last: Return | None, *, is_over: bool) -> Closed:
    """`last` is the last time that the case was returned."""
    if is_over:
        return OVER
    if last is None:
        return NOTHING
    if last.answered_at:
        return DONE if case.status in NEW else DECIDED
    return TAKEN_BACK if case.status in NEW else ENDED
