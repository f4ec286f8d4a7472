"""What the entry page says on a fresh site."""

import pytest

from portal.student_entry.models import StudentEntryPage
from portal.student_entry.seed_content import CONTENT
from tests.pages_in_blocks import fits_the_editor

every_language = pytest.mark.parametrize("language", CONTENT)


@pytest.mark.django_db
@every_language
def test_an_editor_can_save_the_page(language: str) -> None:
    page = StudentEntryPage(**CONTENT[language].fields())
    fits_the_editor(page)
    assert page.slug == "entry"
    assert len(page.steps) == 5
