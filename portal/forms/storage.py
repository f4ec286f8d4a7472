"""The wizard's memory: a Draft row, not the session. It outlives time-outs and moves between devices."""

from copy import deepcopy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from formtools.wizard.storage.base import BaseStorage

from portal.accounts.access import StudentRequest

from . import operations
from .models import Draft


class DraftStorage(BaseStorage):
    """What formtools keeps of a wizard, in the draft that the address names; 404 if it is somebody else's.

    Steps post raw text here, right or wrong: what was typed is never lost. No step has files (see `slots`).
    """

    request: StudentRequest

    def __init__(self, prefix: str, request: StudentRequest, file_storage: None = None) -> None:
        super().__init__(prefix, request, file_storage)  # type: ignore[no-untyped-call]
        named: dict[str, Any] = request.resolver_match.kwargs if request.resolver_match else {}
        self.draft = get_object_or_404(
            Draft.objects.select_related("sent_case"),
            token=named["token"],
            owner=request.user,
            category=named["category"].slug,
            kind_code=named["kind"],
            corrects=None,
        )
        if self.draft.data:
            self.data = deepcopy(self.draft.data)
        else:
            self.init_data()  # type: ignore[no-untyped-call]

    def update_response(self, response: HttpResponse) -> None:
        """A look writes nothing."""
        if self.request.method == "POST":
            self.keep()

    def keep(self) -> None:
        """Write what this request changed, and nothing else, if something was filled in at all."""
        if self.data["step_data"]:
            operations.merge(self.draft, before=self.draft.data, after=self.data)
