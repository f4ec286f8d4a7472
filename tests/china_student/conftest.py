"""What who applies needs."""

import pytest

from portal.china_student.seed import seed_declaration
from tests import people

from .applying import at


@pytest.fixture
def declared(db: None) -> None:
    """使用聲明事項 was published."""
    with at(people.TODAY):
        seed_declaration()
