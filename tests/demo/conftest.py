"""Pages that these tests may ask for."""

from tests.home.conftest import seeded as seeded
