"""What stands in a form before the student types: the records', the account's, and that of an earlier case."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.queries import cases_of
from portal.core.categories import StrOrPromise
from portal.records.protocol import Match

from .application import ApplicationForm
from .models import Draft
from .queries import earlier_files, sent_on
from .slots import SlotFile, files_in


def prefilled(kind: CaseKind, match: Match, user: User, *, today: date) -> dict[str, Any]:
    """What the draft keeps: `prefill` by field, the names `recorded` by the agency and `reused` from a case, and from when;
    by slot, when the `files` were sent that can be used again.
    """
    form: type[ApplicationForm] = kind.form
    known = form.prefill(match, user)
    earlier = next((case for case in cases_of(user) if form.all_reusable() & case.answers.keys()), None)
    reused = {name: value for name, value in _reused(form, earlier).items() if name not in known} if earlier else {}
    fields = form.base_fields
    return {
        "prefill": reused | known,
        "recorded": [name for name in known if not (fields[name].disabled or name in form.from_account or name in form.compared)],
        "asked_on": f"{today:%Y/%m/%d}",
        "reused": list(reused),
        "reused_from": f"{timezone.localdate(earlier.submitted_at):%Y/%m/%d}" if reused and earlier else "",
        "files": {slot: f"{sent_on(files[0]):%Y/%m/%d}" for slot, files in earlier_files(user, kind, today=today).items()},
    }


def application_of(
    draft: Draft,
    data: Mapping[str, Any],
    uploaded: Mapping[str, Sequence[SlotFile]] | None = None,
    *,
    checked: bool = True,
    problems: Mapping[str, list[StrOrPromise]] | None = None,
    notes: Mapping[str, Sequence[StrOrPromise]] | None = None,
) -> ApplicationForm:
    """The application form with what was prefilled and typed, `data` being the draft's; not `checked`, nobody finds fault."""
    known = data.get("extra_data", {})
    form, prefill = draft.kind.form, known.get("prefill", {})
    application: ApplicationForm = form(
        MultiValueDict({**form.starting_values(prefill), **data.get("step_data", {}).get("form", {})}),  # type: ignore[attr-defined]
        kind=draft.kind,
        uploaded=files_in(draft) if uploaded is None else uploaded,
        today=timezone.localdate(),
        checked=checked,
        problems=problems,
        notes=notes,
        earlier=known.get("files"),
        initial=dict(prefill),
    )
    return application


def sources(form: type[ApplicationForm], known: dict[str, Any]) -> dict[str, StrOrPromise]:
    """Of each prefilled field, where its value is from, in words."""
    records = format_lazy(_("由署內資料帶入（{day}），請核對；與證件不同時請直接更正。"), day=known.get("asked_on", ""))
    earlier = format_lazy(_("由您 {day} 的申請帶入，請核對；有變更時請直接更正。"), day=known.get("reused_from", ""))
    return {**dict.fromkeys(known.get("reused", ()), earlier), **dict.fromkeys(known.get("recorded", ()), records)}


def _reused(form: type[ApplicationForm], case: Case) -> dict[str, Any]:
    names = form.all_reusable() & case.answers.keys()
    return {name: case.answers[name] for name in names if case.answers[name] not in ("", None)}
