"""待辦案件 of officers: the tabs with their counts, the filters, the order of the rows, and each row's age."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case, PaperProblem, Return, Revision
from portal.cases.queries import officers
from portal.cases.states import DUE, OPEN, Status
from portal.core import categories
from portal.fields.form_fields import GregorianDateField
from portal.office_calendar.periods import OfficeCalendar
from portal.throttling.form_limits import LengthFirst

from .ages import Age, age
from .models import Note

DUE_WITHIN: Final = timedelta(days=7)
PER_PAGE: Final = 50
FOUND_MAX: Final = 50
# What no row of the list shows is not read.
UNREAD: Final = ("answers", "applicant", "permit", "slots", "decision", "opinion")


@dataclass(frozen=True)
class Tab:
    """A part of the work; the rows that have to be done first stand on top."""

    code: str
    label: str
    condition: Q
    order: tuple[str, ...] = ("submitted_at", "pk")
    count: int = 0


# Closed long ago or not: somebody has paid and waits for a paper.
UNPRINTED: Final = Tab("unprinted", "證件無法製作", Q(pk__in=PaperProblem.objects.values("case")))


@dataclass(frozen=True)
class Row:
    """A case in the list; `age` of one that waits for an officer."""

    case: Any
    age: Age | None

    @property
    def is_back(self) -> bool:
        return self.case.status == Status.SUBMITTED and self.case.assignee_id is not None


def tabs(officer: User, today: date, calendar: OfficeCalendar) -> tuple[Tab, ...]:
    """Without their counts."""
    over = Q(deadline__lte=calendar.working_day_before(today))
    return (
        Tab("mine", "我的", Q(assignee=officer, status__in=[Status.SUBMITTED, Status.IN_REVIEW])),
        Tab("waiting", "待審核", Q(status=Status.SUBMITTED, assignee=None)),
        Tab("back", "退補後再送", Q(status=Status.SUBMITTED, assignee__isnull=False)),
        Tab("asked", "請示主管", Q(status__in=OPEN, pk__in=_open_questions().values("case"))),
        Tab("due", "即將到期", Q(status__in=DUE, deadline__lte=today + DUE_WITHIN) & ~over, ("deadline", "pk")),
        Tab("open", "所有未結案件", Q(status__in=OPEN)),
    )


def _open_questions() -> QuerySet[Note]:
    """What officers asked of the supervisor: it is answered by whatever somebody else notes afterwards."""
    later = Note.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk")).exclude(author=OuterRef("author"))
    return Note.objects.filter(~Exists(later), asks=True)


def counted(found: Iterable[Tab], cases: QuerySet[Case]) -> list[Tab]:
    """Each with the number of its cases, and closed cases whose paper cannot be made, where there are any."""
    found = list(found)
    open_ones = cases.filter(status__in=OPEN).order_by()
    numbers = open_ones.aggregate(**{tab.code: Count("pk", filter=tab.condition) for tab in found})
    tabs = [replace(tab, count=numbers[tab.code]) for tab in found]
    unprinted = cases.filter(UNPRINTED.condition).count()
    return [*tabs, replace(UNPRINTED, count=unprinted)] if unprinted else tabs


def kind_choices() -> list[tuple[str, str]]:
    """Every kind by its key."""
    return [(kind.key, str(kind.name)) for category in categories.all_categories() for kind in kinds.of_category(category.slug)]


class Filters(LengthFirst, forms.Form):
    """篩選: by officer, school, kind and days of sending."""

    officer = forms.ModelChoiceField(User.objects.none(), label="承辦人", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="申請類別", required=False)
    school = forms.CharField(label="就讀學校", required=False, max_length=60)
    sent_from = GregorianDateField(label="送件日起", required=False)
    sent_to = GregorianDateField(label="送件日迄", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="id_filter_%s")
        officer, kind = self.fields["officer"], self.fields["kind"]
        assert isinstance(officer, forms.ModelChoiceField)  # noqa: S101  # declared above
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  # declared above
        officer.queryset, kind.choices = officers(), [("", "全部"), *kind_choices()]

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Those that the filters leave; a filter that makes no sense is left out, and says so."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if said.get("officer"):
            cases = cases.filter(assignee=said["officer"])
        if said.get("kind"):
            category, _, code = said["kind"].partition(".")
            cases = cases.filter(category=category, kind_code=code)
        if said.get("school"):
            cases = cases.filter(school__contains=said["school"])
        if said.get("sent_from"):
            cases = cases.filter(submitted_at__gte=_midnight(said["sent_from"]))
        if said.get("sent_to"):
            cases = cases.filter(submitted_at__lt=_midnight(said["sent_to"] + timedelta(days=1)))
        return cases

    @property
    def are_set(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def page_of(cases: QuerySet[Case], tab: Tab, number: str) -> Page[Case]:
    """That page of the tab's cases."""
    return Paginator(_listed(cases).filter(tab.condition).order_by(*tab.order), PER_PAGE).get_page(number)


def found(cases: QuerySet[Case]) -> list[Case]:
    """What a search found, the newest first."""
    return list(_listed(cases).order_by("-submitted_at", "-pk")[:FOUND_MAX])


def rows(cases: Iterable[Any], today: date, calendar: OfficeCalendar) -> list[Row]:
    """Each with its age."""
    waits = {Status.SUBMITTED, Status.IN_REVIEW}
    return [Row(case, age(case, case.sent_at, today, calendar) if case.status in waits else None) for case in cases]


def _listed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """`sent_at` is when the applicant sent it last, `asks_extension` that they wait for an answer to 申請展延."""
    sent = Revision.objects.filter(case=OuterRef("pk"), corrected_by=None).order_by("-number")
    pending = Return.objects.filter(
        case=OuterRef("pk"), extension_asked_at__isnull=False, extended_at=None, extension_declined_at=None
    )
    return cases.defer(*UNREAD).annotate(
        sent_at=Subquery(sent.values("sent_at")[:1]),
        asks_extension=Exists(pending.filter(answered_at=None, taken_back_at=None)),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
