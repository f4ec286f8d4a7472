"""What the entry page says on a fresh site."""

import pytest

from portal.student_entry.models import StudentEntryPage
from portal.student_entry.seed_content import CONTENT
from tests.pages_in_blocks import fits_the_editor

every_language = pytest.mark.parametrize("language", CONTENT)


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_page(language: str) -> None:
    page = StudentEntryPage(**CONTENT[language].entry.fields())
    fits_the_editor(page)
    assert page.slug == "entry"
    assert len(page.steps) == 5


@every_language
def test_the_first_notice_is_no_more_than_a_notice_can_hold(language: str) -> None:
    (notice,) = CONTENT[language].notices
    assert notice.fields() == {"level": "info", "title": notice.title, "text": notice.text}
    assert len(notice.title) <= 60
