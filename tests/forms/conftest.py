"""The day on which 王小明 applies, and what he has to accept."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from portal.china_student.seed import seed_declaration
from portal.editorial.declaration import DeclarationVersion
from portal.records.models import Permit
from tests import people

from .answers import fill_in

NOON = dt.datetime.combine(people.TODAY, dt.time(4), dt.UTC)


@pytest.fixture
def today() -> Iterator[None]:
    """2026-11-23, at noon in Taipei."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def declaration(db: None) -> DeclarationVersion:
    """使用聲明事項, published as china-student-1."""
    seed_declaration()
    return DeclarationVersion.objects.get()


@pytest.fixture
def form(owner_client: Client, single_permit: Permit) -> str:
    """The address of the form step."""
    return fill_in(owner_client, permit_no=single_permit.permit_no, until="form") + "form/"
