"""The clock of 待辦事項's tests."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.cases import NOW


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
