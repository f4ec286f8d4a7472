"""What tests of accounts may ask for."""

from collections.abc import Iterator

import pytest

from portal.core import categories
from portal.core.categories import StudentCategory


@pytest.fixture
def other_category() -> Iterator[str]:
    """A second category with a log-in page of its own."""
    categories.register(StudentCategory("other-student", "其他學生", "他生", "portal.accounts.forms.RegistrationForm"))
    yield "other-student"
    del categories._registry["other-student"]
