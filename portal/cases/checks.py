"""Every kind of application is proved when the portal starts: what it names is there, and nothing is named twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.template.loader import TemplateDoesNotExist, get_template

from portal.core import categories
from portal.fields.widgets import Tick, Ticks

from . import kinds
from .conditions import OnlyIf
from .kinds import ADDED, ASKED, CaseKind
from .outcomes import CardToCollect, PermitPdf

MUST_SAY = (
    *("category", "code", "digit", "name", "menu", "tab", "number_label", "accepts", "rules", "form", "documents", "fees"),
    *("review_days", "correction_months", "grants", "outcome"),
)
LAST_SERIAL = 9_999_999  # a 收件號 has seven digits for it
MAY_BE_EMPTY = frozenset({"rules", "documents"})
# What is kept of an answer is text, a number, a tick or a choice's code: labels, conditions and corrections go by that.
KEPT = (forms.CharField, forms.IntegerField, forms.DateField, forms.TimeField, forms.BooleanField, forms.ChoiceField)
NOT_KEPT = (
    *(forms.JSONField, forms.NullBooleanField),
    *(forms.TypedChoiceField, forms.TypedMultipleChoiceField, forms.ModelChoiceField),
)


def kinds_are_whole(**kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the registered kinds."""
    return list(problems(kinds.all_kinds()))


def numbers_can_be_given(**kwargs: Any) -> list[CheckMessage]:
    """The serial of a 收件號 has seven digits, the first of a year as well as the last."""
    if 0 < settings.SERIAL_START <= LAST_SERIAL:
        return []
    return [Error(f"SERIAL_START is {settings.SERIAL_START}, not between 1 and {LAST_SERIAL}", id="cases.E010")]


def problems(found: Iterable[CaseKind]) -> Iterator[CheckMessage]:
    """What is wrong with each of these kinds, and with all of them together."""
    whole = []
    for kind in found:
        if unsaid := [name for name in MUST_SAY if not getattr(kind, name, None) and name not in MAY_BE_EMPTY]:
            yield _error(kind, f"does not say its {', '.join(unsaid)}", "E001")
        else:
            whole.append(kind)
            yield from _form(kind)
            yield from _sections(kind)
            yield from _answers(kind)
            yield from _outcome(kind)
            yield from _documents(kind)
            yield from _conditions(kind)
            yield from _fees(kind)
            yield from _review(kind)
    digits = Counter(kind.digit for kind in whole)
    for kind in whole:
        if len(kind.digit) != 1 or not kind.digit.isdecimal() or digits[kind.digit] > 1:
            yield _error(kind, f"needs a digit of its own, not {kind.digit!r}", "E008")


def _form(kind: CaseKind) -> Iterator[CheckMessage]:
    if not _fields(kind) or not getattr(kind.form, "sections", ()):
        yield _error(kind, f"has no form with fields and sections: {kind.form!r}", "E002")
    if kind.category not in {category.slug for category in categories.all_categories()}:
        yield _error(kind, f"belongs to no category: {kind.category!r}", "E002")


def _sections(kind: CaseKind) -> Iterator[CheckMessage]:
    """Every field stands in one section, and every section has fields that there are."""
    sections, fields = getattr(kind.form, "sections", ()), _fields(kind)
    if not sections:
        return
    times = Counter(name for section in sections for name in section.fields)
    wrong = {name for name in fields if times[name] != 1} | (times.keys() - fields)
    if wrong:
        yield _error(kind, f"has fields that do not stand in exactly one section: {', '.join(sorted(wrong))}", "E003")


def _answers(kind: CaseKind) -> Iterator[CheckMessage]:
    """A case can keep what is answered, and what was ticked can be taken back: drafts keep what a page leaves out."""
    asked = _base_fields(kind.form)
    for name, field in (*asked.items(), *_base_fields(kind.decision_form).items()):
        if not isinstance(field, KEPT) or isinstance(field, NOT_KEPT):
            yield _error(kind, f"asks for {name}, but no case keeps what a {type(field).__name__} gives", "E011")
    for name, widget in ((name, field.widget) for name, field in asked.items()):
        for plain, ours in ((forms.CheckboxInput, Tick), (forms.SelectMultiple, Ticks), (forms.CheckboxSelectMultiple, Ticks)):
            if isinstance(widget, plain) and not isinstance(widget, ours):
                said = f"asks for {name} with a tick that cannot be taken back: its widget has to be a {ours.__name__}"
                yield _error(kind, said, "E012")


def _outcome(kind: CaseKind) -> Iterator[CheckMessage]:
    match kind.outcome:
        case PermitPdf(template, photo_slot):
            try:
                get_template(template)
            except TemplateDoesNotExist:
                yield _error(kind, f"has a permit without its template: {template}", "E004")
            if photo_slot and photo_slot not in {slot.code for slot in kind.documents if slot.photo}:
                yield _error(kind, f"prints a photo that it does not ask for: {photo_slot}", "E004")
        case CardToCollect(place_field):
            if place_field not in _fields(kind):
                yield _error(kind, f"has a card to collect, but its form does not ask where: {place_field}", "E004")


def _documents(kind: CaseKind) -> Iterator[CheckMessage]:
    times = Counter(slot.code for slot in kind.documents)
    wrong = [
        slot.code
        for slot in kind.documents
        if not slot.code or not slot.label or times[slot.code] > 1 or slot.max_files < 1 or slot.code.startswith((ADDED, ASKED))
    ]
    if wrong:
        yield _error(kind, f"needs a code of its own, a label and room for each document: {', '.join(wrong)}", "E005")
    if useless := [slot.code for slot in kind.documents if slot.proves and not _fields(kind) & {*slot.proves}]:
        yield _error(kind, f"asks for nothing that stands on {', '.join(useless)}", "E005")


def _conditions(kind: CaseKind) -> Iterator[CheckMessage]:
    """What hangs on an answer hangs on one that the form asks for and that can be given; a document says so in words."""
    of_fields: dict[str, OnlyIf] = getattr(kind.form, "all_conditions", dict)()
    of_slots = {slot.code: slot.only_if for slot in kind.documents if slot.only_if}
    for name, condition in (*of_fields.items(), *of_slots.items()):
        if not _can_hold(condition, kind):
            yield _error(kind, f"has {name}, which hangs on an answer that nobody gives: {condition.field}", "E009")
    if circular := [name for name in of_fields if _hangs_on_itself(name, of_fields)]:
        yield _error(kind, f"has fields that hang on themselves: {', '.join(circular)}", "E009")
    if silent := [slot.code for slot in kind.documents if slot.only_if and not slot.condition]:
        yield _error(kind, f"does not say in words when it asks for {', '.join(silent)}", "E009")


def _can_hold(condition: OnlyIf, kind: CaseKind) -> bool:
    match getattr(kind.form, "base_fields", {}).get(condition.field):
        case forms.BooleanField():
            return all(isinstance(value, bool) for value in condition.values)
        case forms.ChoiceField() as field:
            return all(field.valid_value(value) for value in condition.values)
    return False


def _hangs_on_itself(name: str, conditions: Mapping[str, OnlyIf]) -> bool:
    seen: set[str] = set()
    while name in conditions and name not in seen:
        seen.add(name)
        name = conditions[name].field
    return name in seen


def _fees(kind: CaseKind) -> Iterator[CheckMessage]:
    if any(fee.amount < 0 or not fee.item for fee in kind.fees):
        yield _error(kind, "has a fee without a name or below nothing", "E006")
    if len(kind.fees) > 1 and type(kind).fee is CaseKind.fee:
        yield _error(kind, "has several fees and does not say which one holds", "E006")


def _review(kind: CaseKind) -> Iterator[CheckMessage]:
    codes = [ground.code for ground in kind.reject_reasons]
    if not codes or len(codes) > len(set(codes)) or kind.correction_months < 1 or kind.correction_extension_months < 0:
        yield _error(kind, "needs grounds for refusal, each with a code of its own, and months for corrections", "E007")


def _fields(kind: CaseKind) -> set[str]:
    return set(_base_fields(kind.form))


def _base_fields(form: Any) -> dict[str, forms.Field]:
    is_form = isinstance(form, type) and issubclass(form, forms.BaseForm)
    return dict(getattr(form, "base_fields", {})) if is_form else {}


def _error(kind: CaseKind, what: str, number: str) -> Error:
    return Error(f"{kind!r} {what}", hint="docs/add-a-kind.md", id=f"cases.{number}")
