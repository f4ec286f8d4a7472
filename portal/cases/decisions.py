"""What the deciding officer is asked besides 核准, and what they have to have seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from portal.core.categories import StrOrPromise
from portal.records.protocol import PermitRecord
from portal.throttling.form_limits import LengthFirst


@dataclass(frozen=True)
class Finding:
    """Something that the officer accepts, by its code, before 核准."""

    code: str
    words: StrOrPromise


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
