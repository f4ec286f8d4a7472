"""What happened two minutes before midnight, or half an hour after it, is of that day on every list, record and export."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import DateTimeField, Field, Model
from django.urls import reverse
from wagtail_modeladmin.options import ModelAdmin

from .admin_world import World, build, client_of
from .hostile import model_of, view_of
from .test_access import Address
from .test_admin_access import name_of
from .test_admin_lists import answer, exports, table

# Wagtail leaves the files of its thumbnails to the garbage collector.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore:Unclosed file:ResourceWarning"),
]
TAIPEI = dt.timezone(dt.timedelta(hours=8))
MARK = "\ufeff"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=TAIPEI), tick=False):
        yield build()


def unlock(model: type[Model]) -> None:
    """The triggers that keep a journal as it was written go; the end of the test brings them back."""
    name = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [name])
            for (trigger,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{trigger}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table whose foreign keys still wait is not altered
            cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')


def of_models() -> list[tuple[Address, type[Model]]]:
    """The exports of rows of one model."""
    return [(address, model) for address in exports() if (model := model_of(address.view))]


def moments_of(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]


def exported_fields(address: Address, model: type[Model]) -> list[Field[Any, Any]]:
    """The columns of an export that are fields of its model."""
    view = view_of(address.view)
    names = view.get_list_export(None) if isinstance(view, ModelAdmin) else view.list_export
    return [field for field in model._meta.concrete_fields if field.name in names]


@pytest.mark.parametrize("hour", [dt.time(23, 58), dt.time(0, 30)])
def test_every_list_and_export_is_in_taipeis_time(world: World, hour: dt.time) -> None:
    client, wrong, seen = client_of("administrator"), [], 0
    at = dt.datetime.combine(dt.date(2026, 11, 23), hour, TAIPEI)
    elsewhere, here = f"{at.astimezone(dt.UTC):%H:%M}", f"{at:%Y/%m/%d %H:%M:%S}"
    for address, model in of_models():
        path = world.fill(address.name, address.route)
        unlock(model)
        model._base_manager.update(**dict.fromkeys(moments_of(model), at))
        exported = {field.name for field in exported_fields(address, model)} & set(moments_of(model))
        csv = answer(client, path, {"export": "csv"})[1].decode()
        cells = [cell for sheet in table(answer(client, path, {"export": "xlsx"})[1]) for row in sheet[1:] for cell in row]
        page = answer(client, path)[1].decode()
        wrong += [f"{path}: no mark"] * (not csv.startswith(MARK))
        wrong += [f"{path}: {elsewhere} in the export"] * (elsewhere in csv)
        wrong += [f"{path}: {elsewhere} on the page"] * (elsewhere in page)
        if exported and model._base_manager.exists():
            seen += 1
            wrong += [f"{path}: not {here}: {csv}"] * (here not in csv)
            wrong += [f"{path}: not {here} in the workbook"] * (at.replace(tzinfo=None) not in cells)
            wrong += [f"{path}: no time zone is named"] * (
                "（臺北時間）" not in csv and isinstance(view_of(address.view), ModelAdmin)
            )
        wrong += [f"{each}: {elsewhere}" for each in records(address, model) if elsewhere in answer(client, each)[1].decode()]
    assert wrong == []
    assert seen >= 5, "what is built has rows in few of the lists"


def records(address: Address, model: type[Model]) -> Iterator[str]:
    """The page of one record, where there is one."""
    view = view_of(address.view)
    if isinstance(view, ModelAdmin) and view.inspect_view_enabled and (row := model._base_manager.first()):
        urls: Any = view.url_helper
        yield reverse(urls.get_action_url_name("inspect"), args=[row.pk])


def test_every_export_says_words(world: World) -> None:
    """Where a field has words for its values, no code is exported."""
    client, wrong = client_of("administrator"), []
    for address, model in of_models():
        csv = ""
        for field in exported_fields(address, model):
            row = model._base_manager.first()
            named = getattr(row, f"get_{field.name}_display", None)
            if named is None:
                continue
            csv = csv or answer(client, world.fill(address.name, address.route), {"export": "csv"})[1].decode()
            wrong += [f"{name_of(address)}: {field.name}"] * (str(named()) not in csv)
    assert wrong == []
