"""The applicant's answers beside the agency's records."""

from dataclasses import dataclass

from portal.cases.models import Case
from portal.core.categories import StrOrPromise
from portal.forms.presentation import AnswerRow, all_in_words, rows, sections


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
    words = all_in_words(case.kind, known)
    return [
        ComparedSection(
            section.title,
            tuple(ComparedRow(row.label, row.value, words[row.name] if row.name in known else None) for row in section.rows),
        )
        for section in sections(case.kind, case.answers)
    ]


def decided(case: Case) -> list[AnswerRow]:
    """What the officer who approved answered to the kind's questions."""
    asked = case.kind.decision_form
    if asked is None or not case.decision:
        return []
    return list(rows(asked.base_fields, asked.base_fields, case.decision))
