"""應檢附文件: what editors add to a kind, what a case keeps, and what an officer asks one case for."""

import ast
import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from portal.accounts.models import User
from portal.cases import slots
from portal.cases.kinds import CaseKind
from portal.cases.models import AddedSlot, Case
from portal.cases.operations import StaleCase
from portal.cases.queries import missing_documents
from portal.cases.states import Action
from portal.cms.snippets import publish_new
from portal.mail.models import OutgoingMail
from tests.architecture.source import modules
from tests.factories.cases import act, document, submitted
from tests.people import TODAY

DAY = dt.timedelta(days=1)


def added(kind: CaseKind, **fields: object) -> AddedSlot:
    """監護人同意書, published for that kind."""
    slot = AddedSlot(**{"label": "監護人同意書", "kinds": [kind.key], **fields})
    publish_new(slot)
    return slot


def codes(kind: CaseKind, today: dt.date = TODAY) -> list[str]:
    return [slot.code for slot in slots.of(kind, today)]


@pytest.mark.django_db
def test_an_added_slot_stands_after_the_kinds_own(kind: CaseKind) -> None:
    slot = added(kind)
    assert codes(kind) == ["photo", "enrolment", f"added-{slot.pk}"]
    assert [each.code for each in slots.of(kind, TODAY).asked({})] == ["photo", "enrolment", f"added-{slot.pk}"]


@pytest.mark.django_db
def test_another_kind_does_not_ask_for_it(kind: CaseKind, free_kind: CaseKind) -> None:
    added(kind)
    assert codes(free_kind) == ["photo", "enrolment"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "is_asked"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
    ],
)
def test_it_is_asked_for_from_its_first_day_to_its_last(
    kind: CaseKind, starts: dt.date | None, ends: dt.date | None, is_asked: bool
) -> None:
    added(kind, starts_on=starts, ends_on=ends)
    assert (len(codes(kind)) == 3) is is_asked


@pytest.mark.django_db
def test_a_draft_of_a_slot_is_not_asked_for(kind: CaseKind) -> None:
    AddedSlot.objects.create(label="草稿", kinds=[kind.key], live=False)
    assert codes(kind) == ["photo", "enrolment"]


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError) as refused:
        AddedSlot(label="甲", starts_on=TODAY, ends_on=TODAY - DAY).clean()
    assert refused.value.message_dict == {"ends_on": ["結束日不可早於開始日。"]}


@pytest.mark.django_db
def test_its_words_are_those_of_the_page_or_traditional_chinese(kind: CaseKind) -> None:
    slot = added(kind, label_en="Consent of a guardian", help="正本掃描檔。", required=False, max_files=3).slot
    said = {}
    for language in ("zh-hant", "en", "zh-hans"):
        with translation.override(language):
            said[language] = (str(slot.label), str(slot.help))
    assert said == {
        "zh-hant": ("監護人同意書", "正本掃描檔。"),
        "en": ("Consent of a guardian", "正本掃描檔。"),
        "zh-hans": ("監護人同意書", "正本掃描檔。"),
    }
    assert (slot.required, slot.max_files, slot.photo) == (False, 3, False)


def test_a_case_keeps_every_line_in_every_language(kind: CaseKind, owner: User) -> None:
    slot = added(kind, label_en="Consent of a guardian")
    case = submitted(owner, kind=kind)
    photo, _enrolment, mine = case.slots
    assert photo == {
        "code": "photo",
        "label": {"zh-hant": "照片", "en": "照片", "zh-hans": "照片"},
        "help": {"zh-hant": "", "en": "", "zh-hans": ""},
        "condition": {"zh-hant": "", "en": "", "zh-hans": ""},
        "required": True,
        "max_files": 2,
        "photo": True,
    }
    assert (mine["code"], mine["label"]["en"]) == (f"added-{slot.pk}", "Consent of a guardian")


CHANGES: list[Callable[[AddedSlot], object]] = [
    lambda slot: slot.delete(),
    lambda slot: slot.unpublish(),
    lambda slot: AddedSlot.objects.filter(pk=slot.pk).update(label="改過", required=False, kinds=[]),
]


@pytest.mark.parametrize("change", CHANGES, ids=["deleted", "unpublished", "changed"])
def test_what_becomes_of_a_slot_changes_no_case(kind: CaseKind, owner: User, change: Callable[[AddedSlot], object]) -> None:
    slot = added(kind)
    code = f"added-{slot.pk}"
    case = submitted(owner, kind=kind, documents=[document(code)])
    change(slot)
    case = Case.objects.get(pk=case.pk)
    assert str(case.documents.get().label) == "監護人同意書"
    assert [(kept.code, kept.required) for kept in case.document_slots] == [("photo", True), ("enrolment", True), (code, True)]


def test_a_slot_added_later_is_not_the_cases(kind: CaseKind, owner: User) -> None:
    case = submitted(owner, kind=kind)
    added(kind)
    assert [slot.code for slot in Case.objects.get(pk=case.pk).document_slots] == ["photo", "enrolment"]


def test_a_code_is_never_given_twice(kind: CaseKind, db: None) -> None:
    first = added(kind)
    code = first.slot.code
    first.delete()
    assert added(kind).slot.code != code


# -- an officer asks one case -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.ASK_CORRECTION, Action.ASK_SUPPLEMENT])
def test_an_officer_asks_one_case_for_a_document(kind: CaseKind, owner: User, officer: User, action: Action) -> None:
    case = act(action, act(Action.TAKE, submitted(owner, kind=kind), officer), officer, asked="  休學證明 ")
    assert [(slot.code, str(slot.label), slot.required) for slot in missing_documents(case)] == [("asked-1", "休學證明", True)]
    assert Case.objects.get(pk=case.pk).slots == case.slots
    assert "另請檢附：\n- 休學證明\n" in OutgoingMail.objects.get(kind="case_returned").body


def test_without_a_name_nothing_is_asked_for(kind: CaseKind, owner: User, officer: User) -> None:
    case = act(Action.ASK_SUPPLEMENT, act(Action.TAKE, submitted(owner, kind=kind), officer), officer, asked="  ")
    assert missing_documents(case) == []
    assert "另請檢附" not in OutgoingMail.objects.get(kind="case_returned").body


def test_a_second_document_stands_beside_the_first(kind: CaseKind, owner: User, officer: User) -> None:
    case = act(Action.ASK_SUPPLEMENT, act(Action.TAKE, submitted(owner, kind=kind), officer), officer, asked="甲")
    case = act(Action.RESUBMIT, case, owner, documents=[document("asked-1")])
    assert missing_documents(case) == []
    assert str(case.documents.get().label) == "甲"
    case = act(Action.ASK_CORRECTION, act(Action.TAKE, case, officer), officer, asked="乙")
    assert [slot.code for slot in case.document_slots][2:] == ["asked-1", "asked-2"]
    assert [slot.code for slot in missing_documents(case)] == ["asked-2"]


def test_who_acts_on_an_older_version_asks_for_nothing(kind: CaseKind, owner: User, officer: User) -> None:
    case = act(Action.TAKE, submitted(owner, kind=kind), officer)
    with pytest.raises(StaleCase):
        act(Action.ASK_SUPPLEMENT, case, officer, version=case.version - 1, asked="甲")
    assert [slot.code for slot in Case.objects.get(pk=case.pk).document_slots] == ["photo", "enrolment"]


# -- one place ----------------------------------------------------------------------------------------------------------


def asks_a_kind(node: ast.AST) -> bool:
    """`kind.documents`, `draft.kind.documents`, `self.kind.required_documents`, …"""
    if not (isinstance(node, ast.Attribute) and node.attr in {"documents", "required_documents"}):
        return False
    asked = node.value
    return getattr(asked, "attr", getattr(asked, "id", "")) == "kind"


def test_nobody_but_slots_asks_a_kind_for_its_documents() -> None:
    asking = {module.name for module in modules() for node in ast.walk(module.tree) if asks_a_kind(node)}
    # Prepared reasons are pinned to a document of any kind, before there is a case.
    assert asking == {"portal.cases.slots", "portal.cases.checks", "portal.review.snippets.reason_templates"}
