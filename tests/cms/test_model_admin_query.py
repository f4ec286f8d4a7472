"""Which conditions of an admin list can be asked of the database at all; the addresses are tried in test_admin_lists.py."""

import pytest

from portal.accounts.models import User
from portal.cms.model_admin.query import is_askable


@pytest.mark.django_db
def test_what_nobody_or_everybody_fulfils_can_be_asked() -> None:
    assert is_askable(lambda: User.objects.filter(pk__in=[]))
    assert is_askable(lambda: User.objects.exclude(pk__in=[]))
    assert is_askable(lambda: None)
    assert not is_askable(lambda: User.objects.filter(pk="x"))
