"""What the deciding officer is asked besides 核准."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from portal.records.protocol import PermitRecord
from portal.throttling.form_limits import LengthFirst


class DecisionForm(LengthFirst, forms.Form):
    """A kind's questions to the officer who approves; shown beside 核准, kept as the case's `decision`.

    It knows what it is decided on: the answers, the permit that was applied with, and the day.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, answers: Mapping[str, Any], previous: PermitRecord, today: date
    ) -> None:
        self.answers, self.previous, self.today = answers, previous, today
        super().__init__(data, auto_id="id_decision_%s")

    def decision(self) -> dict[str, Any]:
        """What was decided, fit for JSON; only of a valid form."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if name in self.fields
        }
