"""Cases that were applied for over the site's own forms and given back by an officer."""

from typing import Any

from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations import Remark
from portal.cases.states import Action
from portal.china_student.seed import seed_declaration
from portal.editorial.declaration import Declaration
from portal.records.models import Permit
from tests.factories.cases import act
from tests.forms.answers import fill_in

OPINION = "照片不清楚，科系與學生證不同"
REMARKS = (Remark("department", "請依學生證填寫"), Remark("upload-photo", "請重拍，背景須為白色"))


def applied(client: Client, permit: Permit) -> Case:
    """What the logged-in student sent through the wizard."""
    if not Declaration.objects.exists():
        seed_declaration()
    fill_in(client, permit_no=permit.permit_no, answers={"entered_on": f"{permit.entered_on:%Y/%m/%d}"})
    return Case.objects.get()


def given_back(case: Case, officer: User, action: Action, **changes: Any) -> Case:
    """退請補正 or 退請補件, with remarks."""
    when = {"now": changes["now"]} if "now" in changes else {}
    case = act(Action.TAKE, case, officer, **when)
    return act(action, case, officer, **{"opinion": OPINION, "remarks": REMARKS, **changes})
