"""Which email 信件 tells the applicant of which step."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from portal.mail import outbox
from portal.mail.placeholders import HELPLINE, Placeholder, register

from . import queries
from .models import Case
from .states import Action, Status

EMAILS: dict[tuple[Action, Status], str] = {
    (Action.SUBMIT, Status.SUBMITTED): "case_submitted",
    (Action.ASK_CORRECTION, Status.CORRECTION): "case_returned",
    (Action.ASK_SUPPLEMENT, Status.SUPPLEMENT): "case_returned",
    (Action.RESUBMIT, Status.SUBMITTED): "case_resubmitted",
    (Action.TAKE_BACK, Status.IN_REVIEW): "case_return_taken_back",
    (Action.EXTEND, Status.CORRECTION): "case_extended",
    (Action.EXTEND, Status.SUPPLEMENT): "case_extended",
    (Action.DECLINE_EXTENSION, Status.CORRECTION): "case_extension_declined",
    (Action.DECLINE_EXTENSION, Status.SUPPLEMENT): "case_extension_declined",
    (Action.CORRECT, Status.IN_REVIEW): "case_corrected",
    (Action.APPROVE, Status.AWAITING_PAYMENT): "case_approved",
    (Action.APPROVE, Status.COMPLETED): "case_completed",
    (Action.SETTLE, Status.COMPLETED): "case_completed",
    (Action.REJECT, Status.REJECTED): "case_rejected",
    (Action.EXPIRE, Status.REJECTED): "case_rejected",
    (Action.EXPIRE, Status.LAPSED): "case_lapsed",
    (Action.WITHDRAW, Status.WITHDRAWN): "case_withdrawn",
}


def remind(case: Case) -> None:
    """Write the email before the deadline, once. `version` changes with every step, so each deadline has one."""
    if outbox.is_queued(cause := f"reminder:{case.uid}:{case.version}"):
        return
    outbox.queue(
        kind="case_reminder",
        to=case.owner.email,
        context={"case": case},
        cause=cause,
        language=case.owner.language,
        not_after=_end_of(case.deadline) if case.deadline else None,
    )


def _end_of(day: date) -> datetime:
    """Past it nobody needs to be reminded."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def queue(case: Case, action: Action, note: str = "") -> None:
    """Write the email of that step, if it has one, in the caller's transaction; `note` is what was said with the step."""
    kind = EMAILS.get((action, Status(case.status)))
    if kind:
        returned = queries.current_return(case)
        outbox.queue(
            kind=kind,
            to=case.owner.email,
            context={
                "case": case,
                "missing": queries.missing_documents(case),
                "remarks": returned.labelled_remarks if returned else (),
                "note": note,
            },
            cause=f"case:{case.uid}:{case.version}",
            language=case.owner.language,  # not that of whoever decided
        )


# What editors may put into the words of these emails, as the shipped ones have it.
_MONEY = "{% blocktranslate with fee=case.fee|intcomma %}新臺幣 {{ fee }} 元{% endblocktranslate %}"
_KIND = "{% blocktranslate with kind=case.kind.name %}您的「{{ kind }}」"
_TO_DO = (
    f'{{% if case.status == "awaiting_payment" %}}{_KIND}已核准，尚未繳費。請於期限內繳費；逾期未繳費，案件即結束，須重新申請。'
    "如已繳費，請不必理會本信。{% endblocktranslate %}"
    f'{{% elif case.status == "correction" %}}{_KIND}尚未補正。請於期限內補正資料；逾期未補正，將不予核准。'
    "{% endblocktranslate %}"
    f"{{% else %}}{_KIND}尚未補件。請於期限內補件；逾期未補件，將不予核准。{{% endblocktranslate %}}{{% endif %}}"
)
_ASKED = """{{ case.opinion }}{% if remarks %}
{% for remark in remarks %}
- {{ remark.label }}{% translate "：" %}{{ remark.text }}{% endfor %}{% endif %}{% if missing %}

{% translate "另請檢附" %}{% translate "：" %}{% for slot in missing %}
- {{ slot.label }}{% endfor %}{% endif %}"""
_OBJECTION = (
    '{% translate "如不服本處分，得自處分達到之次日起 30 日內，繕具訴願書經由原處分機關向訴願管轄機關提起訴願'
    '（訴願法第14條、第58條）。" %}'
)
_EVERY = (
    Placeholder("name", "姓名", "{{ case.name }}"),
    Placeholder("kind", "申請類別", "{{ case.kind.name }}"),
    Placeholder("case_no", "收件號", "{{ case.case_no }}", is_needed=True),
    Placeholder("group_no", "團號", "{{ case.group_no }}"),
    HELPLINE,
)
_DEADLINE = Placeholder("deadline", "期限", '{{ case.deadline|date:"Y/m/d" }}', is_needed=True)
_FEE = Placeholder("fee", "應繳金額", _MONEY, is_needed=True)
_NOTE = Placeholder("note", "說明", "{{ note }}", is_needed=True)


def _link(label: str, address: str) -> Placeholder:
    return Placeholder("link", label, "{{ BASE_URL }}" + address, is_needed=True)


_CASE = _link("案件連結", '{% url "my_cases:case" case.category case.case_no %}')
_CORRECTION = _link("補正(件)連結", '{% url "my_cases:correction" case.category case.case_no %}')
_PAYMENTS = _link("線上繳費連結", '{% url "payments:list" case.category %}')
_OUTCOME = _link(
    "下載或領證連結",
    '{% if case.kind.outcome.is_pdf %}{% url "downloads:permits" case.category %}'
    '{% else %}{% url "my_cases:case" case.category case.case_no %}{% endif %}',
)
_NEXT = _link(
    "處理連結",
    '{% if case.status == "awaiting_payment" %}{% url "payments:list" case.category %}'
    '{% else %}{% url "my_cases:correction" case.category case.case_no %}{% endif %}',
)
_SENT = Placeholder("submitted_at", "送件時間", '{{ case.submitted_at|date:"Y/m/d H:i" }}')
register("case_submitted", "送件成功", *_EVERY, _SENT, _CASE)
register(
    "case_returned", "退請補正或補件", *_EVERY, _DEADLINE, Placeholder("opinion", "審核意見", _ASKED, is_needed=True), _CORRECTION
)
register("case_resubmitted", "補正(件)完成", *_EVERY, _CASE)
register("case_return_taken_back", "退補撤回", *_EVERY, _CASE)
register("case_extended", "展延補正期限", *_EVERY, _DEADLINE, _CORRECTION)
register("case_extension_declined", "不予展延", *_EVERY, _DEADLINE, _NOTE, _CORRECTION)
register("case_corrected", "資料更正", *_EVERY, _NOTE, _CASE)
register("case_approved", "核准待繳費", *_EVERY, _FEE, _DEADLINE, _PAYMENTS)
register("case_completed", "結案", *_EVERY, _OUTCOME)
register(
    "case_rejected",
    "不予核准",
    *_EVERY,
    Placeholder("reason", "不予核准原因", "{{ case.reject_ground }}", is_needed=True),
    Placeholder("law", "法令依據", "{{ case.reject_law }}", is_needed=True),
    Placeholder("opinion", "審核意見", "{{ case.opinion }}", is_needed=True),
    Placeholder("objection", "訴願教示", _OBJECTION, is_needed=True),
    _CASE,
)
register("case_lapsed", "逾期未繳費", *_EVERY, _DEADLINE, _CASE)
register("case_withdrawn", "案件撤銷", *_EVERY)
register("case_reminder", "期限將屆", *_EVERY, Placeholder("to_do", "須辦事項", _TO_DO, is_needed=True), _DEADLINE, _NEXT)
