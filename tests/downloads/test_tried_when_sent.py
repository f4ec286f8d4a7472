"""What a paper cannot show is found fault with at 申請, or is spelled out on the paper: every paper, every word of it.

The words are read from the templates that are printed, so a new paper, or a new word on one, is in the table.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.outcomes import PermitPdf
from portal.downloads import papers
from portal.downloads.papers import RECEIPT_TEMPLATE
from portal.forms.application import ApplicationForm
from portal.my_cases import copies
from portal.payments.slips import paper as slips
from portal.pdf import rendering as pdf
from portal.records.models import Applicant
from portal.records.operations import correct_applicant
from tests import papers as read
from tests import people
from tests.factories import payments
from tests.factories.cases import approved, match

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2] / "templates"
UNSHOWN = "\U00030000"  # a Han character that no font of ours has yet
IN_TEMPLATE = re.compile(r"\b(?:details|words)\.(\w+)")
PRINTS = [kind for kind in kinds.of_category(people.CATEGORY) if isinstance(kind.outcome, PermitPdf)]


def sources(template: str) -> Iterator[str]:
    """The template's text, and that of those which it is made from."""
    text = (ROOT / template).read_text()
    yield text
    for other in re.findall(r'{% (?:extends|include) "([^"]+)"', text):
        yield from sources(other)


def words_on(kind: CaseKind) -> set[str]:
    """The fields of the form that stand on the kind's permit, on the receipt of its fee, on a slip."""
    assert isinstance(kind.outcome, PermitPdf)
    return {"chinese_name", *(name for text in sources(kind.outcome.template) for name in IN_TEMPLATE.findall(text))}


def is_typed(field: forms.Field) -> bool:
    """Whatever somebody, here or at the agency, wrote: not one of a list, nor a day."""
    return isinstance(field, forms.CharField)


WORDS = [
    pytest.param(kind, name, id=f"{kind.code}-{name}")
    for kind in PRINTS
    for name in sorted(words_on(kind))
    if is_typed(kind.form.base_fields[name])
]


def test_the_table_has_the_words_of_every_permit() -> None:
    expected = {"chinese_name", "english_name", "department", "school_name", "travel_document_no", "ui_no"}
    assert {kind.code: expected for kind in PRINTS} == {
        kind.code: {name for name in words_on(kind) if is_typed(kind.form.base_fields[name])} for kind in PRINTS
    }
    assert [kind.code for kind in PRINTS] == ["multiple-entry", "extension", "data-change"]


def test_every_template_that_is_printed_is_in_a_table() -> None:
    """Each has a date of its own, as PDF/A wants."""
    printed = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html") if "dcterms.created" in path.read_text()}
    permits = {"portal/downloads/permit_base.html"}
    assert printed == {RECEIPT_TEMPLATE, slips.TEMPLATE, copies.TEMPLATE} | permits


def filled_in(kind: CaseKind, user: User, **recorded: str) -> ApplicationForm:
    """The form as it is when it opens; of what changes something, the photo."""
    initial = {**kind.form.prefill(match(user), user), **recorded}
    posted: Any = MultiValueDict({**kind.form.starting_values(initial), "changes": ["photo"]})
    form: ApplicationForm = kind.form(posted, initial=initial, today=people.TODAY)
    return form


def faults(form: ApplicationForm, name: str) -> str:
    """What is said about the field, at its place or above the form."""
    form.full_clean()
    return "".join([*form.errors.get(name, []), *form.non_field_errors()])


@pytest.mark.parametrize(("kind", "name"), WORDS)
def test_what_the_records_have_is_tried_before_it_is_sent(kind: CaseKind, name: str, owner: User) -> None:
    """Asked or not: 資料異動 asks what changes, and prints the rest as the records have it."""
    label = str(kind.form.base_fields[name].label)
    assert label not in faults(filled_in(kind, owner), name)
    said = faults(filled_in(kind, owner, **{name: f"王{UNSHOWN}"}), name)
    assert label in said
    assert "（U+30000）" in said or "不正確" in said or "請以大寫英文字母" in said


@pytest.mark.parametrize("kind", PRINTS, ids=lambda kind: kind.code)
def test_what_is_said_to_the_records_has_room_there(kind: CaseKind, wang: Applicant) -> None:
    """The longest answer to each field that the records take over."""
    longest = {
        name: "字" * field.max_length for name, field in kind.form.base_fields.items() if getattr(field, "max_length", None)
    }
    answers: Any = {
        **longest,
        "changes": ["chinese_name", "english_name", "department", "student_no", "person_id", "travel_document"],
    }
    changes = {name: value for name, value in kind.record_changes(answers).items() if name in longest}
    correct_applicant(wang.ui_no, changes)
    wang.refresh_from_db()
    wang.clean_fields()
    assert kind.code != "data-change" or {"chinese_name", "english_name", "department", "student_no"} <= changes.keys()


# What nobody can change at 申請 any more is spelled out


def test_a_slip_spells_out_the_name_of_the_account(owner: User, officer: User) -> None:
    payment = payments.slip(payments.open_bill(owner, approved(owner, officer)))
    Case.objects.update(name=f"{UNSHOWN}小明")
    paper = pdf.render(slips.TEMPLATE, slips.context(payment))
    assert (read.info(paper)["Pages"], "（U+30000）○明" in "".join(read.text(paper).split())) == ("1", True)


def test_a_receipt_has_the_name_that_was_approved(owner: User, officer: User) -> None:
    User.objects.update(chinese_name=f"王{UNSHOWN}明")
    owner.refresh_from_db()
    assert papers.receipt_words(approved(owner, officer)) == ("王小明", "多次證")
