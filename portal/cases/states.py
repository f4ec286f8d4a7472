"""The life of a case 案件, as data: which action leads from where to where, and who may take it."""

import enum
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise


class Status(models.TextChoices):
    """Where a case stands; the label is what officers read. Students read `PUBLIC_LABELS`."""

    SUBMITTED = "submitted", _("待審核")
    IN_REVIEW = "in_review", _("審核中")
    CORRECTION = "correction", _("待補正")
    SUPPLEMENT = "supplement", _("待補件")
    AWAITING_PAYMENT = "awaiting_payment", _("核准待繳費")
    COMPLETED = "completed", _("結案")
    REJECTED = "rejected", _("不予核准")
    WITHDRAWN = "withdrawn", _("已撤銷")
    LAPSED = "lapsed", _("逾期")


PUBLIC_LABELS: dict[Status, StrOrPromise] = {
    Status.SUBMITTED: _("已送件，等待審核"),
    Status.IN_REVIEW: _("審核中"),
    Status.CORRECTION: _("請補正資料"),
    Status.SUPPLEMENT: _("請補件"),
    Status.AWAITING_PAYMENT: _("已核准，請繳費"),
    Status.COMPLETED: _("已結案，可下載"),
    Status.REJECTED: _("不予核准"),
    Status.WITHDRAWN: _("已撤銷"),
    Status.LAPSED: _("逾期未辦，已結束"),
}

# 結案 of a kind that ends in a card to collect.
CARD_IS_MADE: StrOrPromise = _("已結案，可領證")
# 結案 after which the bank took the fee back: nothing is to be had until a cashier has looked.
MONEY_TAKEN_BACK: StrOrPromise = _("已結案，繳費已沖正")

# Blocks of the 待辦事項 page.
NEW = frozenset({Status.SUBMITTED, Status.IN_REVIEW})  # 新申請案件
RETURNED = frozenset({Status.CORRECTION, Status.SUPPLEMENT})  # 待補件案件
OPEN = NEW | RETURNED | {Status.AWAITING_PAYMENT}
CLOSED = frozenset(Status) - OPEN
DUE = RETURNED | {Status.AWAITING_PAYMENT}  # the applicant has until the deadline
WITHDRAWABLE = NEW | RETURNED


class Role(enum.StrEnum):
    """Who acts."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    SYSTEM = "system"


class Action(enum.StrEnum):
    """What is done to a case; one public function of `operations` each."""

    SUBMIT = "submit"
    TAKE = "take"
    RELEASE = "release"
    ASK_CORRECTION = "ask_correction"
    ASK_SUPPLEMENT = "ask_supplement"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    CORRECT = "correct"
    TAKE_BACK = "take_back"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline_extension"
    SETTLE = "settle"
    EXPIRE = "expire"


ACTION_LABELS: dict[Action, StrOrPromise] = {
    Action.SUBMIT: _("送件"),
    Action.TAKE: _("開始審核"),
    Action.RELEASE: _("退回待審核"),
    Action.ASK_CORRECTION: _("退請補正"),
    Action.ASK_SUPPLEMENT: _("退請補件"),
    Action.RESUBMIT: _("補正(件)完成"),
    Action.APPROVE: _("核准"),
    Action.REJECT: _("不予核准"),
    Action.WITHDRAW: _("撤銷"),
    Action.ASSIGN: _("改派"),
    Action.CORRECT: _("更正"),
    Action.TAKE_BACK: _("撤回退補"),
    Action.ASK_EXTENSION: _("申請展延"),
    Action.EXTEND: _("展延期限"),
    Action.DECLINE_EXTENSION: _("不同意展延"),
    Action.SETTLE: _("繳費完成"),
    Action.EXPIRE: _("逾期"),
}


@dataclass(frozen=True)
class Transition:
    """One edge of the graph. `targets` has two members where the case itself decides (approved without a fee).

    Without a target the case stays where it is: it has one more event, and its next version.
    """

    action: Action
    sources: frozenset[Status]
    targets: frozenset[Status]
    role: Role

    @property
    def stays(self) -> bool:
        return not self.targets


def _edge(action: Action, sources: frozenset[Status] | set[Status], targets: set[Status], role: Role) -> Transition:
    return Transition(action, frozenset(sources), frozenset(targets), role)


TRANSITIONS: tuple[Transition, ...] = (
    _edge(Action.SUBMIT, set(), {Status.SUBMITTED}, Role.APPLICANT),
    _edge(Action.TAKE, {Status.SUBMITTED}, {Status.IN_REVIEW}, Role.OFFICER),
    _edge(Action.RELEASE, {Status.IN_REVIEW}, {Status.SUBMITTED}, Role.OFFICER),
    _edge(Action.ASK_CORRECTION, {Status.IN_REVIEW}, {Status.CORRECTION}, Role.OFFICER),
    _edge(Action.ASK_SUPPLEMENT, {Status.IN_REVIEW}, {Status.SUPPLEMENT}, Role.OFFICER),
    _edge(Action.RESUBMIT, RETURNED, {Status.SUBMITTED}, Role.APPLICANT),
    _edge(Action.APPROVE, {Status.IN_REVIEW}, {Status.AWAITING_PAYMENT, Status.COMPLETED}, Role.OFFICER),
    _edge(Action.REJECT, {Status.IN_REVIEW} | RETURNED, {Status.REJECTED}, Role.OFFICER),
    _edge(Action.TAKE_BACK, RETURNED, {Status.IN_REVIEW}, Role.OFFICER),
    _edge(Action.ASK_EXTENSION, RETURNED, set(), Role.APPLICANT),
    _edge(Action.EXTEND, RETURNED, set(), Role.OFFICER),
    _edge(Action.DECLINE_EXTENSION, RETURNED, set(), Role.OFFICER),
    _edge(Action.CORRECT, {Status.IN_REVIEW}, set(), Role.OFFICER),
    # By the officer who has it, or a supervisor.
    _edge(Action.ASSIGN, NEW | RETURNED, set(), Role.OFFICER),
    _edge(Action.WITHDRAW, WITHDRAWABLE, {Status.WITHDRAWN}, Role.APPLICANT),
    # From lapsed: who paid in time, and whose bank reported it later.
    _edge(Action.SETTLE, {Status.AWAITING_PAYMENT, Status.LAPSED}, {Status.COMPLETED}, Role.SYSTEM),
    _edge(Action.EXPIRE, RETURNED, {Status.REJECTED}, Role.SYSTEM),
    _edge(Action.EXPIRE, {Status.AWAITING_PAYMENT}, {Status.LAPSED}, Role.SYSTEM),
)
ROLES: dict[Action, Role] = {edge.action: edge.role for edge in TRANSITIONS}


def edge_from(status: Status, action: Action) -> Transition | None:
    """The edge that `action` takes from `status`, if there is one."""
    return next((edge for edge in TRANSITIONS if edge.action is action and status in edge.sources), None)
