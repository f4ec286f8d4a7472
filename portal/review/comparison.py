"""The applicant's answers beside the agency's records, and beside what they sent before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.cases import findings, slots
from portal.cases.models import Case, Document, Revision
from portal.core import categories
from portal.core.categories import StrOrPromise
from portal.forms.presentation import AnswerRow, all_in_words, rows, sections

from .corrections import may_be_corrected, shown
from .timeline import Returned


@dataclass(frozen=True)
class ComparedRow:
    """One answer; `record` is what the records said at submission, None where they say nothing; `now` what they say today and
    `before` what was sent last time, where that was something else."""

    name: str
    label: StrOrPromise
    value: StrOrPromise
    record: StrOrPromise | None
    before: StrOrPromise | None = None
    correctable: bool = False
    papers: tuple[Document, ...] = ()  # on which it stands
    now: StrOrPromise | None = None

    @property
    def differed(self) -> bool:
        """From the records as they were at submission."""
        return self.record is not None and str(self.record) != str(self.value)

    @property
    def differs(self) -> bool:
        return self.differed or (self.now is not None and str(self.now) != str(self.value))


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


def compared(
    case: Case,
    revisions: Sequence[Revision] = (),
    papers: Sequence[Document] = (),
    known_now: findings.Known | None = None,
) -> list[ComparedSection]:
    """Every answer with what the records said and say, with what it was before, and with the first paper of each slot that
    proves it."""
    known = {**case.permit, **case.applicant}
    moved = findings.changed_records(case, known_now) if known_now else {}
    words, correctable = all_in_words(case.kind, known), may_be_corrected(case)
    words_now = all_in_words(case.kind, {**known, **moved})
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
            words_now[said.name] if said.name in moved else None,
        )

    return [ComparedSection(section.title, tuple(map(row, section.rows))) for section in sections(case.kind, case.answers)]


def record_changes(case: Case, known_now: findings.Known | None) -> list[Change]:
    """What changed in the agency's records after the case was sent, whether or not the form asks for it."""
    if known_now is None:
        return []
    known, moved = {**case.permit, **case.applicant}, findings.changed_records(case, known_now)
    before, after = all_in_words(case.kind, known), all_in_words(case.kind, {**known, **moved})
    types = dict(categories.identities()[case.category].permit_types)

    def plain(name: str, value: Any) -> StrOrPromise:
        """A value that no form asks for."""
        return (types.get(value, value) if name == "permit_type" else shown(value)) or "—"

    return [
        Change(
            findings.record_label(case, name),
            before.get(name, plain(name, known.get(name))),
            after.get(name, plain(name, moved[name])),
        )
        for name in moved
    ]


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
