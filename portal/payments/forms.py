"""What a student ticks and chooses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.queries import payable, with_overdue
from portal.office_calendar import queries as office_calendar
from portal.throttling.form_limits import LengthFirst

from .protocol import Method


class SelectionForm(LengthFirst, forms.Form):
    """線上繳費–列表: the cases ticked, by 團號. A foreign number is as unknown as a missing one.

    `payable` holds overdue ones too, which the page shows without a box; `open_bill` refuses them.
    """

    cases = forms.ModelMultipleChoiceField(
        queryset=Case.objects.none(),
        to_field_name="group_no",
        label=_("待繳費案件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("請勾選待繳費之團號。"),
            "invalid_choice": _("所選團號目前無法繳費，請重新勾選。"),
        },
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = with_overdue(payable(user), today, office_calendar.current()).order_by("group_no")
        field: Any = self.fields["cases"]
        field.queryset = self.payable

    @property
    def offers_any(self) -> bool:
        """Whether there is a case that can still be paid for."""
        return any(not case.is_overdue for case in self.payable)  # type: ignore[attr-defined]  # annotated by with_overdue


class MethodForm(LengthFirst, forms.Form):
    """繳費方式: one of those that are offered here."""

    method = forms.ChoiceField(
        label=_("繳費方式"),
        widget=forms.RadioSelect,
        error_messages={"required": _("請選擇繳費方式。"), "invalid_choice": _("請選擇繳費方式。")},
    )

    def __init__(self, *args: Any, methods: Sequence[Method] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["method"]
        field.choices = [(method.code, method.name) for method in methods]
