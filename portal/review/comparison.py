"""The applicant's answers beside the agency's records, and beside what they sent before."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.cases import slots
from portal.cases.models import Case, Document, Revision
from portal.core.categories import StrOrPromise
from portal.forms.presentation import AnswerRow, all_in_words, rows, sections

from .corrections import may_be_corrected
from .timeline import Returned


@dataclass(frozen=True)
class ComparedRow:
    """One answer; `record` is what the records said at submission, None where they say nothing; `before` what was sent last
    time, where that was something else."""

    name: str
    label: StrOrPromise
    value: StrOrPromise
    record: StrOrPromise | None
    before: StrOrPromise | None = None
    correctable: bool = False
    papers: tuple[Document, ...] = ()  # on which it stands

    @property
    def differs(self) -> bool:
        return self.record is not None and str(self.record) != str(self.value)


@dataclass(frozen=True)
class ComparedSection:
    """One block of the form."""

    title: StrOrPromise
    rows: tuple[ComparedRow, ...]

    @property
    def differences(self) -> int:
        return sum(row.differs for row in self.rows)


@dataclass(frozen=True)
class Change:
    """An answer that is another one than last time."""

    label: StrOrPromise
    before: StrOrPromise
    after: StrOrPromise


@dataclass(frozen=True)
class Changes:
    """What the applicant made of the last 退補, or an officer of a slip: answers, files that came and files that went."""

    answered: Returned | None
    revision: Revision
    answers: tuple[Change, ...]
    came: tuple[Document, ...]
    went: tuple[Document, ...]


def compared(case: Case, revisions: Sequence[Revision] = (), papers: Sequence[Document] = ()) -> list[ComparedSection]:
    """Every answer with what the records said, with what it was before, and with the first paper of each slot that proves it."""
    known = {**case.permit, **case.applicant}
    words, correctable = all_in_words(case.kind, known), may_be_corrected(case)
    before = all_in_words(case.kind, revisions[-2].answers) if len(revisions) > 1 else {}
    first, proved = {paper.slot: paper for paper in reversed(papers)}, slots.proved_by(case)

    def row(said: AnswerRow) -> ComparedRow:
        earlier = before.get(said.name)
        return ComparedRow(
            said.name,
            said.label,
            said.value,
            words[said.name] if said.name in known else None,
            None if earlier is None or str(earlier) == str(said.value) else earlier,
            said.name in correctable,
            tuple(first[slot] for slot, names in proved.items() if said.name in names and slot in first),
        )

    return [ComparedSection(section.title, tuple(map(row, section.rows))) for section in sections(case.kind, case.answers)]


def changes(
    case: Case, revisions: Sequence[Revision], returned: Returned | None, documents: Sequence[Document]
) -> Changes | None:
    """What is different from the last revision; None of a case that was sent once."""
    if len(revisions) < 2:
        return None
    earlier, last = revisions[-2:]
    before, after = all_in_words(case.kind, earlier.answers), all_in_words(case.kind, last.answers)
    labels = case.kind.form.base_fields  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
    is_answer = returned is not None and returned.is_answered and last.corrected_by_id is None
    return Changes(
        returned if is_answer else None,
        last,
        tuple(
            Change(labels[name].label or name, before[name], after[name])
            for name in after
            if str(before[name]) != str(after[name])
        ),
        tuple(each for each in documents if each.revision == last.number and each.replaced_at is None),
        tuple(each for each in documents if each.replaced_at and each.replaced_at >= last.sent_at),
    )


def decided(case: Case) -> list[AnswerRow]:
    """What the officer who approved answered to the kind's questions."""
    asked = case.kind.decision_form
    if asked is None or not case.decision:
        return []
    return list(rows(asked.base_fields, asked.base_fields, case.decision))
