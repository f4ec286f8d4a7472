"""The applicant's answers beside the agency's records."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.cases.models import Case
from portal.core.categories import StrOrPromise
from portal.forms.presentation import AnswerRow, AnswerSection, rows, sections


@dataclass(frozen=True)
class ComparedRow:
    """One answer; `record` is what the records said at submission, None where they say nothing."""

    label: StrOrPromise
    value: StrOrPromise
    record: StrOrPromise | None

    @property
    def differs(self) -> bool:
        return self.record is not None and str(self.record) != str(self.value)


@dataclass(frozen=True)
class ComparedSection:
    """One block of the form."""

    title: StrOrPromise
    rows: tuple[ComparedRow, ...]


def compared(case: Case) -> list[ComparedSection]:
    """Every answer with what the records said."""
    known = {**case.permit, **case.applicant}
    answered, recorded = sections(case.kind, case.answers), sections(case.kind, known)
    return [
        ComparedSection(section.title, tuple(_rows(section, record, set(known))))
        for section, record in zip(answered, recorded, strict=True)
    ]


def decided(case: Case) -> list[AnswerRow]:
    """What the officer who approved answered to the kind's questions."""
    asked = case.kind.decision_form
    if asked is None or not case.decision:
        return []
    return list(rows(asked.base_fields, asked.base_fields, case.decision))


def _rows(section: AnswerSection, record: AnswerSection, known: set[str]) -> Iterator[ComparedRow]:
    for row, recorded in zip(section.rows, record.rows, strict=True):
        yield ComparedRow(row.label, row.value, recorded.value if row.name in known else None)
