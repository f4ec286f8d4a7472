"""案件進度查詢–查詢 (圖 52)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.states import PUBLIC_LABELS, Status
from portal.fields.form_fields import AS_TYPED, CodeField, GregorianDateField
from portal.throttling.form_limits import LengthFirst


class NumberField(CodeField):
    """A number as it stands on a paper or in an email."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput({"autocomplete": "off", **AS_TYPED}), **kwargs)


class ProgressForm(LengthFirst, forms.Form):
    """What is given narrows one's own cases; nothing given finds all of them."""

    case_no = NumberField(label=_("收件號"))
    group_no = NumberField(label=_("團號"))
    permit_no = NumberField(label=_("許可證號"), help_text=_("申請時所持，或核准後取得的許可證號。"))
    kind = forms.ChoiceField(label=_("申請類別"), required=False)
    status = forms.ChoiceField(label=_("案件狀態"), required=False, choices=[("", _("全部")), *PUBLIC_LABELS.items()])
    sent_from = GregorianDateField(label=_("送件日期（起）"), required=False)
    sent_until = GregorianDateField(label=_("送件日期（迄）"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, offered: Iterable[CaseKind] = ()) -> None:
        super().__init__(data)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  # declared above
        kind.choices = [("", _("全部")), *((each.code, each.name) for each in offered)]

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("sent_from"), self.cleaned_data.get("sent_until")
        if first and last and first > last:
            self.add_error("sent_until", _("送件日期（迄）不得早於送件日期（起）"))

    def narrow(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Those of `cases` that the valid form asks for."""
        return cases.filter(*self._conditions())

    def _conditions(self) -> Iterator[Q]:
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        lookups = {
            "case_no": "case_no",
            "group_no": "group_no",
            "kind": "kind_code",
            "status": "status",
            "sent_from": "submitted_at__date__gte",
            "sent_until": "submitted_at__date__lte",
        }
        yield from (Q(**{lookups[name]: value}) for name, value in asked.items() if name in lookups)
        if number := asked.get("permit_no"):
            yield Q(permit_no=number) | Q(case_no=number, status=Status.COMPLETED)
