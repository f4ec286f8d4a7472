"""不予核准原因 as data: officers choose from what the agency published, and a case keeps the words it was refused with."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import NotAllowed
from portal.cases.reasons import COMMON
from portal.cases.reasons.grounds import grounds_of, seed
from portal.cases.reasons.models import RefusalGround
from portal.cases.states import Action, Status
from portal.cms.snippets import publish_new
from portal.review.forms import RejectForm
from tests.factories.cases import NOW, act, in_status

LABELS = {"label": "攜帶違禁物", "label_en": "Carried contraband"}
LAW = {"law": "許可辦法第12條第1項第23款", "law_en": "Article 12, paragraph 1, item 23"}


def published(kind: CaseKind, code: str = "contraband", **fields: object) -> RefusalGround:
    publish_new(RefusalGround(**{"code": code, "kinds": [kind.key], **LABELS, **LAW, **fields}))
    return RefusalGround.objects.get(code=code)


@pytest.fixture
def in_review(owner: User, officer: User, kind: CaseKind) -> Case:
    return in_status(Status.IN_REVIEW, owner, officer, kind=kind)


def test_while_nothing_is_published_the_kinds_own_hold(in_review: Case, kind: CaseKind) -> None:
    assert grounds_of(kind, now=NOW) == kind.reject_reasons
    published(kind, kinds=["somebody.elses"])
    assert grounds_of(kind, now=NOW) == kind.reject_reasons


def test_officers_choose_from_what_is_published_in_its_order(in_review: Case, kind: CaseKind) -> None:
    published(kind, code="second", order=20)
    published(kind, code="first", order=10, kinds=[])
    choices = RejectForm(in_review, now=timezone.now()).fields["reason"].choices  # type: ignore[attr-defined]
    assert choices == [("", "請選擇"), *((code, "攜帶違禁物（許可辦法第12條第1項第23款）") for code in ("first", "second"))]


def test_what_was_taken_off_is_refused(in_review: Case, kind: CaseKind, officer: User) -> None:
    published(kind, code="other")
    published(kind).unpublish()
    with pytest.raises(NotAllowed):
        act(Action.REJECT, in_review, officer, reason="contraband")


def test_a_case_keeps_the_words_that_it_was_refused_with(in_review: Case, kind: CaseKind, officer: User) -> None:
    ground = published(kind)
    case = act(Action.REJECT, in_review, officer, reason="contraband")
    ground.label = ground.law = "別的"
    ground.save_revision().publish()
    ground.delete()
    case.refresh_from_db()
    assert (str(case.reject_ground), str(case.reject_law)) == (LABELS["label"], LAW["law"])
    with override("en"):
        assert (str(case.reject_ground), str(case.reject_law)) == (LABELS["label_en"], LAW["law_en"])
    with override("zh-hans"):
        assert str(case.reject_ground) == LABELS["label"]


def test_a_fresh_site_has_what_the_category_brings_once(kind: CaseKind, db: None) -> None:
    seed(COMMON, kinds=[kind.key])
    RefusalGround.objects.filter(code="purpose_lost").delete()
    seed(COMMON, kinds=[kind.key])
    assert [row.code for row in RefusalGround.objects.all()] == ["false_statement", "valid_permit", "other_law"]
    row = RefusalGround.objects.get(code="valid_permit")
    assert (row.label, row.label_en) == ("已領有有效許可證再申請", "Applied again while already holding a valid permit")
