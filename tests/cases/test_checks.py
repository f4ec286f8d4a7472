"""A kind that is not whole is notified when the portal starts: one broken kind for each thing that can be wrong."""

import json
from typing import Any, ClassVar

import pytest
from django import forms
from django.core.checks import run_checks
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from portal.cases import kinds
from portal.cases.checks import numbers_can_be_given, problems
from portal.cases.conditions import only_if
from portal.cases.decisions import DecisionForm
from portal.cases.kinds import CaseKind, DocumentSlot, Fee
from portal.cases.outcomes import CardToCollect, PermitPdf
from portal.cases.reasons import COMMON
from portal.fields.widgets import Tick, Ticks
from portal.forms.application import ApplicationForm, Section
from tests.factories.cases import multiple_entry
from tests.kinds import like, registered


class NoSections(forms.Form):
    road = forms.CharField()


class Homeless(ApplicationForm):
    """Its field stands nowhere."""

    sections = (Section("在臺地址", ("road",)),)
    road = forms.CharField()
    number = forms.CharField()


class Twice(ApplicationForm):
    """Its field stands in two sections."""

    sections = (Section("在臺地址", ("road",)), Section("聯絡方式", ("road",)))
    road = forms.CharField()


class Unknown(ApplicationForm):
    """Its section has a field that there is not."""

    sections = (Section("在臺地址", ("road", "lane")),)
    road = forms.CharField()


class Conditional(ApplicationForm):
    """Asks for the alley only where there is a lane; its subclasses get that wrong."""

    sections = (Section("在臺地址", ("road", "has_lane", "lane")),)
    conditions: ClassVar = {"lane": only_if("has_lane", True)}
    road = forms.ChoiceField(choices=[("1", "一段"), ("2", "二段")])
    has_lane = forms.BooleanField(required=False, widget=Tick)
    lane = forms.CharField()


class OnNothing(Conditional):
    conditions: ClassVar = {"lane": only_if("alley", True)}


class OnNoChoice(Conditional):
    conditions: ClassVar = {"lane": only_if("road", "1", "3")}


class OnNoTick(Conditional):
    conditions: ClassVar = {"lane": only_if("has_lane", "on")}


class OnFreeText(Conditional):
    conditions: ClassVar = {"road": only_if("lane", "1")}


class InACircle(Conditional):
    conditions: ClassVar = {
        "lane": only_if("has_lane", True),
        "has_lane": only_if("road", "1"),
        "road": only_if("has_lane", True),
    }


def asking(field: forms.Field, base: type[forms.BaseForm] = ApplicationForm) -> type[forms.BaseForm]:
    """A form that asks one thing."""
    return type("Asking", (base,), {"sections": (Section("甲", ("thing",)),), "thing": field})


AB = [("a", "甲"), ("b", "乙")]
# Every field of Django's: what a case keeps of it comes back as it went in; of the others the portal says so when it starts.
KEPT = [
    (forms.CharField(), ["甲"], "甲"),
    (forms.CharField(widget=forms.Textarea), ["甲\n乙"], "甲\n乙"),
    (forms.EmailField(), ["a@example.test"], "a@example.test"),
    (forms.URLField(assume_scheme="https"), ["https://example.test/"], "https://example.test/"),
    (forms.SlugField(), ["a-b"], "a-b"),
    (forms.RegexField("^[0-9]{3}$"), ["106"], "106"),
    (forms.GenericIPAddressField(), ["127.0.0.1"], "127.0.0.1"),
    (forms.IntegerField(), ["0"], 0),
    (forms.FloatField(), ["0.5"], 0.5),
    (forms.DecimalField(), ["12.50"], "12.50"),
    (forms.TimeField(), ["09:15"], "09:15:00"),
    (forms.UUIDField(), ["12345678-1234-5678-1234-567812345678"], "12345678-1234-5678-1234-567812345678"),
    (forms.DateField(), ["2026-11-24"], "2026-11-24"),
    (forms.BooleanField(required=False, widget=Tick), ["on"], True),
    (forms.BooleanField(required=False, widget=Tick), [""], False),
    (forms.ChoiceField(choices=AB), ["a"], "a"),
    (forms.ChoiceField(choices=[("c", AB)], widget=forms.RadioSelect), ["a"], "a"),
    (forms.MultipleChoiceField(choices=AB, widget=Ticks), ["a", "b"], ["a", "b"]),
    (forms.MultipleChoiceField(choices=AB, widget=Ticks, required=False), [], []),
]
NOT_KEPT = [
    forms.DateTimeField(),
    forms.DurationField(),
    forms.JSONField(),
    forms.FileField(),
    forms.ImageField(),
    forms.NullBooleanField(),
    forms.TypedChoiceField(choices=AB),
    forms.TypedMultipleChoiceField(choices=AB, widget=Ticks),
    forms.ModelChoiceField(None),
    forms.ModelMultipleChoiceField(None, widget=Ticks),
    forms.SplitDateTimeField(),
    forms.ComboField(fields=[forms.CharField()]),
]
UNTICKABLE = [
    forms.BooleanField(required=False),
    forms.MultipleChoiceField(choices=AB),
    forms.MultipleChoiceField(choices=AB, widget=forms.CheckboxSelectMultiple),
]


def named(field: forms.Field) -> str:
    return f"{type(field).__name__}-{type(field.widget).__name__}"


def found(*made: CaseKind) -> list[str | None]:
    return [problem.id for problem in problems(made)]


@pytest.mark.parametrize(
    ("changes", "number", "said"),
    [
        ({"name": ""}, "E001", "does not say its name"),
        ({"correction_months": 0, "fees": ()}, "E001", "does not say its fees, correction_months"),
        ({"form": None}, "E001", "does not say its form"),
        ({"form": str}, "E002", "has no form with fields and sections"),
        ({"form": NoSections}, "E002", "has no form with fields and sections"),
        ({"category": "nobody"}, "E002", "belongs to no category: 'nobody'"),
        ({"form": Homeless}, "E003", "exactly one section: number"),
        ({"form": Twice}, "E003", "exactly one section: road"),
        ({"form": Unknown}, "E003", "exactly one section: lane"),
        ({"outcome": PermitPdf("no/such.html")}, "E004", "without its template: no/such.html"),
        ({"outcome": PermitPdf("portal/china_student/permit.html", "face")}, "E004", "a photo that it does not ask for: face"),
        (
            {"outcome": PermitPdf("portal/china_student/permit.html", "health")},
            "E004",
            "a photo that it does not ask for: health",
        ),
        ({"outcome": CardToCollect("place", "", ())}, "E004", "does not ask where: place"),
        ({"documents": (DocumentSlot("a", "甲"), DocumentSlot("a", "乙"))}, "E005", "each document: a, a"),
        ({"documents": (DocumentSlot("a", ""),)}, "E005", "each document: a"),
        ({"documents": (DocumentSlot("a", "甲", max_files=0),)}, "E005", "each document: a"),
        ({"documents": (DocumentSlot("added-1", "甲"),)}, "E005", "each document: added-1"),
        ({"documents": (DocumentSlot("asked-1", "甲"),)}, "E005", "each document: asked-1"),
        ({"documents": (DocumentSlot("a", "甲", proves=("no_field",)),)}, "E005", "asks for nothing that stands on a"),
        ({"form": OnNothing}, "E009", "has lane, which hangs on an answer that nobody gives: alley"),
        ({"form": OnNoChoice}, "E009", "has lane, which hangs on an answer that nobody gives: road"),
        ({"form": OnNoTick}, "E009", "has lane, which hangs on an answer that nobody gives: has_lane"),
        ({"form": OnFreeText}, "E009", "has road, which hangs on an answer that nobody gives: lane"),
        ({"form": InACircle}, "E009", "has fields that hang on themselves: lane, has_lane, road"),
        (
            {"documents": (DocumentSlot("a", "甲", condition="有甲者", only_if=only_if("no_such_field", "Y")),)},
            "E009",
            "has a, which hangs on an answer that nobody gives: no_such_field",
        ),
        (
            {"documents": (DocumentSlot("a", "甲", only_if=only_if("other_passport", "Y")),)},
            "E009",
            "does not say in words when it asks for a",
        ),
        ({"fees": (Fee(1000, ""),)}, "E006", "a fee without a name"),
        ({"fees": (Fee(-1, "規費"),)}, "E006", "below nothing"),
        ({"fees": (Fee(1, "甲"), Fee(2, "乙"))}, "E006", "does not say which one holds"),
        ({"reject_reasons": ()}, "E007", "grounds for refusal"),
        ({"reject_reasons": (*COMMON, COMMON[0])}, "E007", "a code of its own"),
        ({"correction_months": -1}, "E007", "months for corrections"),
        ({"correction_extension_months": -1}, "E007", "months for corrections"),
        ({"digit": "12"}, "E008", "a digit of its own, not '12'"),
        ({"digit": "x"}, "E008", "a digit of its own, not 'x'"),
    ],
)
def test_each_thing_that_can_be_wrong_is_said(changes: dict[str, Any], number: str, said: str) -> None:
    fits = {"outcome": PermitPdf("portal/china_student/permit.html")} | ({"documents": ()} if "form" in changes else {}) | changes
    notified = [(problem.id, problem.msg) for problem in problems([like(multiple_entry(), **fits)()])]
    assert [each for each, _ in notified] == [f"cases.{number}"]
    assert said in notified[0][1]
    assert "MadeUp" in notified[0][1]


def test_a_field_that_hangs_on_another_of_the_form_is_in_order() -> None:
    made = like(multiple_entry(), form=Conditional, documents=(), outcome=PermitPdf("portal/china_student/permit.html"))
    assert found(made()) == []


def of_one_question(field: forms.Field, **changes: Any) -> list[str | None]:
    made = {"form": asking(field), "documents": (), "outcome": PermitPdf("portal/china_student/permit.html")} | changes
    return found(like(multiple_entry(), **made)())


@pytest.mark.parametrize(("field", "typed", "kept"), KEPT, ids=[named(field) for field, _, _ in KEPT])
def test_what_a_case_keeps_of_an_answer_can_be_typed_again(field: forms.Field, typed: list[str], kept: Any) -> None:
    assert of_one_question(field) == []
    form: Any = asking(field)
    first = form(MultiValueDict({"thing": typed}))
    assert first.is_valid()
    answers = first.answers()
    assert answers == json.loads(json.dumps(answers)) == {"thing": kept}
    again = form(MultiValueDict(form.starting_values(answers)))
    assert again.is_valid()
    assert again.answers() == answers


@pytest.mark.parametrize("field", NOT_KEPT, ids=named)
def test_a_field_whose_answer_no_case_keeps_is_named(field: forms.Field) -> None:
    assert of_one_question(field) == ["cases.E011"]
    decides = type("Deciding", (DecisionForm,), {"thing": field})
    assert of_one_question(forms.CharField(), decision_form=decides) == ["cases.E011"]


@pytest.mark.parametrize("field", UNTICKABLE, ids=named)
def test_a_tick_that_cannot_be_taken_back_is_named(field: forms.Field) -> None:
    assert of_one_question(field) == ["cases.E012"]


def test_no_field_of_django_is_forgotten() -> None:
    tried = {type(field) for field in (*(field for field, _, _ in KEPT), *NOT_KEPT)}
    names = (*forms.fields.__all__, "ModelChoiceField", "ModelMultipleChoiceField")
    theirs = {getattr(forms, name) for name in names}
    assert theirs - tried == {forms.Field, forms.MultiValueField, forms.FilePathField}


def test_an_initial_value_stands_in_the_form_as_it_would_be_posted() -> None:
    fields = {
        "nothing": (forms.IntegerField(initial=0), ["0"]),
        "two": (forms.MultipleChoiceField(choices=AB, initial=["a", "b"], widget=Ticks), ["a", "b"]),
        "tick": (forms.BooleanField(initial=True, widget=Tick), ["on"]),
        "asked": (forms.CharField(initial=lambda: "甲"), ["甲"]),
        "empty": (forms.CharField(), [""]),
    }
    form: Any = type("Begun", (ApplicationForm,), {name: field for name, (field, _) in fields.items()})
    assert form.starting_values({}) == {name: typed for name, (_, typed) in fields.items()}


def test_a_digit_belongs_to_one_kind() -> None:
    one, two = multiple_entry(), like(multiple_entry(), code="another")()
    assert found(one, two) == ["cases.E008", "cases.E008"]
    assert found(one, like(multiple_entry(), code="another", digit="9")()) == []


def test_a_code_belongs_to_one_kind_of_a_category() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        kinds.register(like(multiple_entry()))
    assert kinds.get("china-student", "multiple-entry") is multiple_entry()


def test_every_kind_of_the_portal_is_whole_and_the_check_runs_at_the_start() -> None:
    assert [message for message in run_checks() if (message.id or "").startswith("cases.")] == []
    with registered(like(multiple_entry(), code="broken", digit="9", name="")):
        assert [message.id for message in run_checks() if (message.id or "").startswith("cases.")] == ["cases.E001"]


@pytest.mark.parametrize(("start", "found"), [(0, ["cases.E010"]), (1, []), (9_999_999, []), (10_000_000, ["cases.E010"])])
def test_the_first_serial_has_seven_digits(settings: Settings, start: int, found: list[str]) -> None:
    settings.SERIAL_START = start
    assert [message.id for message in numbers_can_be_given()] == found
