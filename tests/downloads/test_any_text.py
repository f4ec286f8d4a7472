"""Whatever the application form accepts, the permit draws on one page, and machines read it there.

`PRINTED_EXAMPLES=500 .venv/bin/python -m pytest -n0 tests/downloads/test_any_text.py` tries more than the suite has time for.
"""

import os
import unicodedata

import pytest
from django.utils.datastructures import MultiValueDict
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.china_student.kinds.multiple_entry import MultipleEntryForm
from portal.downloads import papers
from portal.downloads.models import IssuedDocument
from portal.fields.names import is_han, simplified
from portal.fields.typed import visible
from portal.pdf import characters
from portal.pdf import rendering as pdf
from tests import papers as read
from tests.china_student.test_forms import PREFILL, TODAY
from tests.factories import cases
from tests.forms.answers import ANSWERS

from .conftest import photo

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]

DRAWN = sorted(frozenset().union(*map(characters.characters_of, characters.FAMILIES)))
HAN = [code for code in DRAWN if is_han(chr(code)) and not simplified(chr(code))]
RARE = [code for code in HAN if code > 0xFFFF]
HIDDEN = "\u202e\u202d\u2066\u2069\u200e\u200f\u200b\u200d\ufeff\u00ad\x00\x07\x1b\u2028\u3164\ufe00\U000e0100"
MARKED = st.builds(str.__add__, st.sampled_from("aeiouAZn "), st.text("\u0300\u0301\u0304\u0307\u030c"))
ANY = st.characters(exclude_categories=["Cs"]) | st.characters(min_codepoint=0x590, max_codepoint=0x8FF)


def of(codes: list[int], longest: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(codes).map(chr), min_size=1, max_size=longest)


def hiding(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same text with something in it that nobody sees."""
    return st.builds(
        lambda text, hidden, at: text[:at] + hidden + text[at:], text, st.text(HIDDEN, max_size=3), st.integers(0, 60)
    )


def unbroken(longest: int) -> st.SearchStrategy[str]:
    return st.builds(str.__mul__, st.sampled_from("國WＷi-_.\u2e3b㌀ﷺ"), st.integers(longest // 2, longest))


# The last of each is from all of Unicode: right to left, emoji, controls, private and unassigned characters too.
NAMES = st.one_of(hiding(of(HAN, 60)), of(RARE, 60), of(HAN, 4), st.integers(1, 60).map("龘".__mul__), st.text(ANY, max_size=3))
LATIN = st.lists(MARKED, max_size=20).map("".join)
WORDS = st.one_of(hiding(of(DRAWN, 60)), of(DRAWN, 12), LATIN, unbroken(60), of(HAN, 60), st.text(ANY, max_size=3))


@pytest.fixture
def approved(owner: User, officer: User) -> Case:
    return cases.in_status(
        Status.AWAITING_PAYMENT, owner, officer, documents=[cases.document(content=photo(), content_type="image/jpeg")]
    )


def first_of_each_glyph() -> dict[int, int]:
    """Where a font draws two characters with one glyph, a machine reads the same character for both."""
    read_as: dict[int, int] = {}
    for family in characters.FAMILIES:
        path, index = characters._file_of(family) or ("", 0)
        with TTFont(path, fontNumber=index, lazy=True) as font:
            first: dict[str, int] = {}
            for code, glyph in sorted(font.getBestCmap().items()):
                read_as.setdefault(code, first.setdefault(glyph, code))
    return read_as


READ_AS = first_of_each_glyph()


def plain(text: str) -> str:
    """The text as a machine reads it back: without blanks, selectors of variants and what has two names."""
    drawn = "".join(c for c in visible(text) if not characters._selects_a_variant(c))
    return "".join(unicodedata.normalize("NFKC", drawn.translate(READ_AS)).split())


@given(name=NAMES, english=st.text("ABCXYZ ,.'-W", min_size=1, max_size=80), department=WORDS, school=WORDS)
@settings(
    max_examples=int(os.environ.get("PRINTED_EXAMPLES", "60")),
    deadline=None,
    database=None,
    phases=[Phase.generate],  # half a second an example: to make a failing one small takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_what_the_form_accepts_is_drawn_on_one_page(
    approved: Case, caplog: pytest.LogCaptureFixture, name: str, english: str, department: str, school: str
) -> None:
    typed = {**ANSWERS, "chinese_name": name, "english_name": english, "department": department}
    form = MultipleEntryForm(
        MultiValueDict({field: [value] for field, value in typed.items()}),
        initial={**PREFILL, "school_name": school},
        today=TODAY,
    )
    assume(form.is_valid())
    approved.answers = form.answers()

    document = IssuedDocument(number=approved.case_no, case=approved)
    paper = pdf.render("portal/china_student/permit.html", papers.permit_context(document, approved))

    assert (read.info(paper)["Pages"], read.info(paper)["Page size"]) == ("1", "595.276 x 841.89 pts (A4)")
    text = plain(read.drawn_text(paper))
    for answer in ("chinese_name", "english_name", "department", "school_name"):
        assert plain(approved.answers[answer]) in text
    assert "notdef" not in caplog.text
