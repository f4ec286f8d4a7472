"""Pages that these tests may ask for."""

import pytest
from django.core.management import call_command


@pytest.fixture
def seeded(db: None) -> None:
    """A fresh site with its first pages."""
    call_command("seed_pages", verbosity=0)
