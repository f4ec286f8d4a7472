"""An officer types in two windows of one case: each request merges what it posted, under the lock; and the controls."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import QueryDict

from portal.accounts.models import User
from portal.cases.models import Case
from portal.review import drafts
from portal.review.models import ReviewDraft
from tests.factories.cases import NOW, submitted

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["opinion", "note", "remark-photo", "remark-road", "decline_opinion"]


def kept(case: Case, officer: User, save: Callable[[str], object]) -> set[str]:
    """What stands in the draft after so many requests at once saved one field each."""
    barrier = threading.Barrier(len(NAMES))

    def one(name: str) -> None:
        try:
            barrier.wait(timeout=30)
            save(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(NAMES)) as pool:
        list(pool.map(one, NAMES))
    return set(ReviewDraft.objects.get(case=case, officer=officer).data)


def test_what_two_windows_save_at_once_is_all_kept(owner: User, officer: User) -> None:
    case = submitted(owner)
    assert kept(case, officer, lambda name: drafts.save(case, officer, QueryDict(f"{name}=x"), now=NOW)) == set(NAMES)


def test_control_without_the_lock_some_are_lost(owner: User, officer: User) -> None:
    case = submitted(owner)
    ReviewDraft.objects.create(case=case, officer=officer, saved_at=NOW)
    looked = threading.Barrier(len(NAMES))

    def careless(name: str) -> None:
        row = ReviewDraft.objects.get(case=case, officer=officer)
        looked.wait(timeout=30)
        row.data = {**row.data, name: ["x"]}
        row.save()

    assert len(kept(case, officer, careless)) == 1
