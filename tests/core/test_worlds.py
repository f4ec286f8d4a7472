"""tests.worlds: what comes back is what was made."""

import pytest
import time_machine
from django.db import connection, transaction
from wagtail.models import Page, Site

from portal.home.models import HomePage
from tests import worlds
from tests.architecture.admin_world import contents
from tests.pages import source

made: list[int] = []
digests: list[dict[str, str]] = []


def make() -> int:
    worlds.seed_pages()
    made.append(1)
    return Page.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_world_that_comes_back_has_the_same_rows(time: str) -> None:
    """Whichever of the two comes first."""
    pages = worlds.world("test", make)
    digests.append(contents())
    assert pages == Page.objects.count()
    assert len(made) == 1
    assert digests[0] == digests[-1]
    # It goes on as if it had just been made.
    child = source(HomePage).add_child(instance=Page(title="新", slug="new"))
    assert child.pk > max(Page.objects.exclude(pk=child.pk).values_list("pk", flat=True))
    connection.check_constraints()


@pytest.mark.django_db
def test_a_world_is_made_anew_on_top_of_something_else_and_at_another_time() -> None:
    asked: list[str] = []

    def ask() -> None:
        asked.append(Page.objects.get(depth=1).title)
        Page.objects.filter(depth=1).update(title="made")

    worlds.world("root", ask)
    worlds.world("root", ask)
    with time_machine.travel("2030-01-01"):
        worlds.world("root", ask)
    assert asked[1:] == ["made", "made"]


@pytest.mark.django_db
def test_a_world_is_made_anew_where_the_maker_would_read_something_else() -> None:
    """What it then found, and so did not make, is missing where it would not have found it."""

    def make_home() -> None:
        if not Page.objects.filter(slug="found").exists():
            Page.objects.get(depth=1).add_child(instance=Page(title="found", slug="found"))
        Site.objects.update(site_name="named")

    with transaction.atomic():
        Page.objects.get(depth=1).add_child(instance=Page(title="found", slug="found"))
        worlds.world("home", make_home)
        transaction.set_rollback(True)
    worlds.world("home", make_home)
    assert Site.objects.get().site_name == "named"
    assert Page.objects.filter(slug="found").count() == 1
