"""A case in plain words: what happened, and what happens next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import DocumentSlot
from portal.cases.models import Case, Document
from portal.cases.outcomes import CardToCollect
from portal.cases.queries import missing_documents
from portal.cases.states import RETURNED, Action, Status
from portal.core.categories import StrOrPromise
from portal.forms.presentation import answer

HAPPENED: dict[Action, StrOrPromise] = {
    Action.SUBMIT: _("您送出了申請"),
    Action.TAKE: _("審核人員開始審核"),
    Action.RELEASE: _("案件回到待審核，將由其他審核人員接手"),
    Action.ASK_CORRECTION: _("審核人員請您補正資料"),
    Action.ASK_SUPPLEMENT: _("審核人員請您補件"),
    Action.RESUBMIT: _("您完成了補正(件)"),
    Action.APPROVE: _("審核核准"),
    Action.REJECT: _("審核不予核准"),
    Action.WITHDRAW: _("您撤銷了案件"),
    Action.ASSIGN: _("案件改由另一位審核人員辦理"),
    Action.CORRECT: _("審核人員更正了明顯的筆誤"),
    Action.TAKE_BACK: _("審核人員撤回了退補，繼續審核"),
    Action.ASK_EXTENSION: _("您申請展延補正期限"),
    Action.EXTEND: _("審核人員展延了補正期限"),
    Action.DECLINE_EXTENSION: _("審核人員不同意展延補正期限"),
    Action.SETTLE: _("繳費完成，案件結案"),
    Action.EXPIRE: _("期限已過，案件結束"),
}
# Officers' words to the applicant and the applicant's own; nobody else's note is shown.
TOLD = frozenset(
    {
        *(Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT, Action.REJECT, Action.RESUBMIT, Action.CORRECT),
        *(Action.ASK_EXTENSION, Action.DECLINE_EXTENSION),
    }
)

NEXT: dict[Status, StrOrPromise] = {
    Status.SUBMITTED: _("等待審核人員審核。文件齊全時約需 {days} 個工作日，有結果時會以 Email 通知您。"),
    Status.IN_REVIEW: _("審核人員正在審核您的案件，有結果時會以 Email 通知您。"),
    Status.CORRECTION: _("請依照審核意見，於期限內補正資料。"),
    Status.SUPPLEMENT: _("請依照審核意見，於期限內補件。"),
    Status.AWAITING_PAYMENT: _("請於期限內線上繳費，繳費完成後即可下載電子許可證。"),
    Status.COMPLETED: _("案件已結案，請至下載專區下載電子許可證。"),
    Status.REJECTED: _("本案不予核准。如對結果有疑問，請撥打諮詢專線；不服者，得依法提起訴願。"),
    Status.WITHDRAWN: _("本案已撤銷。如仍需辦理，請重新申請。"),
    Status.LAPSED: _("本案逾期未辦，已結束。如仍需辦理，請重新申請。"),
}
# Where a card comes of it.
NEXT_WITH_CARD: dict[Status, StrOrPromise] = {
    Status.AWAITING_PAYMENT: _("請於期限內線上繳費，繳費完成後即可製發證件，再依領證資訊領取。"),
    Status.COMPLETED: _("案件已結案，請依領證資訊，至您選擇的地點領取證件。"),
}
# Until the schedule has ended it, within minutes; or while a bank does not say whether it was paid.
OVER: StrOrPromise = _("期限已過，本案即將結束。期限內已繳費者，金融機構確認後即可結案。")

REVERSED: StrOrPromise = _("金融機構已沖正本案的繳費，許可證暫停下載，將由承辦人員與您聯繫後續處理。")
REVERSED_WITH_CARD: StrOrPromise = _("金融機構已沖正本案的繳費，證件暫停領取，將由承辦人員與您聯繫後續處理。")


def what_next(case: Case, *, is_overdue: bool) -> StrOrPromise:
    """接下來: one sentence. Where a deadline is over or the bank took the fee back, `NEXT` would ask for what is not possible."""
    if is_overdue:
        return OVER
    status, kind = Status(case.status), case.kind
    if case.is_blocked:
        return REVERSED if kind.outcome.is_pdf else REVERSED_WITH_CARD
    said = NEXT[status] if kind.outcome.is_pdf else NEXT_WITH_CARD.get(status, NEXT[status])
    return str(said).format(days=kind.review_days)


@dataclass(frozen=True)
class Collection:
    """領證資訊: where the card is, from when on, and what is brought along."""

    place: StrOrPromise
    when: StrOrPromise
    bring: tuple[StrOrPromise, ...]


def collection(case: Case) -> Collection | None:
    """Of a closed case whose outcome is a card, unless the bank took the fee back."""
    outcome = case.kind.outcome
    if case.status != Status.COMPLETED or case.is_blocked or not isinstance(outcome, CardToCollect):
        return None
    place = answer(case.kind, outcome.place_field, case.answers)
    return Collection(place.value, outcome.when, outcome.bring)


def opinion(case: Case) -> str:
    """審核意見, as long as it matters to the applicant."""
    return case.opinion if case.status in RETURNED | {Status.REJECTED} else ""


def missing(case: Case, current: Iterable[Document]) -> list[DocumentSlot]:
    """另請檢附: what the officer asked for beside the form's documents and `current` lacks, as long as it can be sent."""
    return missing_documents(case, current) if case.status in RETURNED else []
