"""`{% load cases %}`."""

import pytest
from django.template import Context, Template

from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.states import Status
from portal.cases.templatetags.cases import TAGS
from portal.core import categories
from tests import people


def render(source: str, **context: object) -> str:
    return Template("{% load cases %}" + source).render(Context(context))


def test_case_kinds_lists_a_categorys_kinds(kind: CaseKind, free_kind: CaseKind) -> None:
    source = "{% case_kinds category as kinds %}{% for kind in kinds %}[{{ kind.code }}]{% endfor %}"
    assert render(source, category=categories.get(people.CATEGORY)).endswith("[with-fee][without-fee]")
    assert render(source, category=None) == ""


@pytest.mark.parametrize(
    ("status", "html"),
    [
        (Status.SUBMITTED, '<span class="tag tag-new">已送件，等待審核</span>'),
        (Status.CORRECTION, '<span class="tag tag-returned">請補正資料</span>'),
        (Status.LAPSED, '<span class="tag tag-closed">逾期未辦，已結束</span>'),
    ],
)
def test_status_tag_is_what_the_student_reads(status: Status, html: str) -> None:
    assert render("{{ case|status_tag }}", case=Case(status=status)) == html


def test_every_status_has_a_tag() -> None:
    assert set(TAGS) == set(Status)
