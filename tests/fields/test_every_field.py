"""Spelling x field: whatever is pasted into a field or written by an input method, the field takes as if it had been typed.

The fields are those of every form of the site, so a new one is in the table. A field for which no right value is known here
fails, and so does a form in which nothing is cleaned.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from portal.accounts.models import User
from portal.cms.admin_requests import short_term
from portal.core import categories
from portal.fields.identifiers import clean_code
from portal.fields.search_keys import key_of
from portal.fields.typed import Shape, shape_of
from portal.records import tables
from tests import people
from tests.every_form import NOT_OURS, all_forms, editors_forms, made

pytestmark = pytest.mark.django_db
Spelling = Callable[[str], str]


def has_model(form: Any) -> bool:
    return not issubclass(form, forms.BaseModelForm) or form._meta.model is not None


# Those without a model are bases, or become forms of a model in Wagtail's hands: editors_forms().
FORMS = [form for form in all_forms() if not form.__module__.startswith(NOT_OURS) and has_model(form)]


def within(mark: str) -> Spelling:
    """Between the first character and the others."""
    return lambda text: text[:1] + mark + text[1:]


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def wide_marks(text: str) -> str:
    """＠ and ．, too."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


INVISIBLE: dict[str, Spelling] = {
    "zero width": within("\u200b"),
    "byte order mark": lambda text: "\ufeff" + text,
    "left to right": lambda text: f"\u202d{text}\u202c",
    "right to left": lambda text: f"{text}\u202e",
    "isolated": lambda text: f"\u2067{text}\u2069",
    "soft hyphen": within("\u00ad"),
    "control": within("\x07"),
    "full width": wide,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}
AT_ENDS: dict[str, Spelling] = {
    "wide blank": lambda text: f"\u3000{text}\u3000",
    "no-break space": lambda text: f"\u00a0{text}\u2007",
    "filler": lambda text: f"{text}\u3164",
    "tab": lambda text: f"{text}\t",
}
COMMA: dict[str, Spelling] = {"comma": lambda text: f"{text}，", "enumeration comma": lambda text: f"{text}、"}
FULL_STOP: dict[str, Spelling] = {"full stop": lambda text: f"{text}。", "wide marks": wide_marks}
SPELLINGS: dict[Shape, dict[str, Spelling]] = {
    Shape.EXACT: INVISIBLE,
    Shape.PROSE: INVISIBLE | AT_ENDS | {"Windows lines": lambda text: text.replace("\n", "\r\n")},
    Shape.LINE: INVISIBLE | AT_ENDS | COMMA,
    Shape.VALUE: INVISIBLE | AT_ENDS | COMMA | FULL_STOP,
}
PERSON_ID = "310104200405060010"
# Of each sort of field one of these is right; é, so that it can be decomposed.
RIGHT = {
    Shape.EXACT: ["Pässe 77 wörter"],
    Shape.PROSE: ["Café 3\n請補件，謝謝。"],
    Shape.LINE: [
        "Café 3系",
        "王小明",
        "WANG, XIAO-MING",
        "B11",
        "2026-09-01",
        "11",
        "1",
        "0",
        "B",
        "0003",
        PERSON_ID,
        "L10000001",
    ],
    Shape.VALUE: [
        "ali-test@qq.com",
        "2026/5/6",
        "0912345678",
        "A890000002",
        "115000000015",
        "L10000001",
        PERSON_ID,
        "1",
        "ABCDEFGH",
        "xiaoming",
    ],
}


def typed_fields(form: forms.BaseForm) -> dict[str, Shape]:
    return {name: shape for name, field in form.fields.items() if (shape := shape_of(field))}


def right_value(field: forms.Field, shape: Shape) -> tuple[str, Any]:
    for text in RIGHT[shape]:
        try:
            return text, field.clean(text)
        except ValidationError:
            continue
    raise AssertionError(f"{field.label}: a right value of it is not known here")


def mistaken(field: forms.Field, shape: Shape) -> list[str]:
    """The spellings that the field refuses, or takes as another value."""
    text, value = right_value(field, shape)
    return [name for name, spelling in SPELLINGS[shape].items() if taken(field, spelling(text)) != value]


def taken(field: forms.Field, text: str) -> Any:
    try:
        return field.clean(text)
    except ValidationError as refused:
        return refused.messages


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__qualname__)
def test_every_spelling_in_every_field(form: type[Any], owner: User) -> None:
    bound = made(form, {}, owner)
    bound.full_clean()
    found = {name: mistaken(bound.fields[name], shape) for name, shape in typed_fields(bound).items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_spelling_in_every_field_of_editors() -> None:
    """Texts and days of pages and snippets; the slug of an address and the moments of publishing are Wagtail's own."""
    found = {}
    for model, form in editors_forms().items():
        for name, field in form.base_fields.items():  # type: ignore[attr-defined]
            shape = None if isinstance(field, forms.SlugField | forms.URLField) else shape_of(field)
            if shape and (wrong := mistaken(field, shape)):
                found[f"{model}.{name}"] = wrong
    assert found == {}


NOT_TYPED = (models.AutoField, models.OrderWrt)
INTEGERS = [
    each
    for each in vars(models).values()
    if isinstance(each, type) and issubclass(each, models.IntegerField) and not issubclass(each, NOT_TYPED)
]
COLUMNS: list[Any] = [models.CharField(max_length=60), models.TextField(), models.EmailField(), models.DateField()]


@pytest.mark.parametrize("column", [*COLUMNS, *(each() for each in INTEGERS)], ids=lambda column: type(column).__name__)
def test_every_spelling_in_every_column_that_a_page_may_have(column: models.Field[Any, Any]) -> None:
    """Also in those that no page of ours has yet."""
    field = formfield_for_dbfield(column)
    assert (shape := shape_of(field))
    assert mistaken(field, shape) == []


def blocks_of(block: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every block in which something may be typed, however deep."""
    for name, child in getattr(block, "child_blocks", {}).items():
        yield from blocks_of(child, f"{path}.{name}")
    if isinstance(getattr(block, "field", None), forms.CharField):
        yield path, block


def holding(block: Any, path: list[str], text: str) -> Any:
    """What a page keeps of such a block, and of those that it is in, when that was typed."""
    if not path:
        return text
    child = block.child_blocks[path[0]]
    held = holding(child, path[1:], text)
    return [{"type": path[0], "value": held}] if isinstance(block, StreamBlock) else {path[0]: held}


def test_every_spelling_in_every_block_of_a_page() -> None:
    streams = {(model, field) for model in get_page_models() for field in model._meta.fields if isinstance(field, StreamField)}
    tried, text = 0, RIGHT[Shape.PROSE][0]
    for model, field in streams:
        if not model.__module__.startswith("portal."):
            continue
        for path, _block in blocks_of(field.stream_block, field.name):
            names = path.split(".")[1:]
            for spelling in SPELLINGS[Shape.PROSE].values():
                form = model.get_edit_handler().get_form_class()()
                form.cleaned_data = {field.name: field.to_python(holding(field.stream_block, names, spelling(text)))}
                form._clean_form()
                expected = field.to_python(holding(field.stream_block, names, text)).get_prep_value()
                assert without_ids(form.cleaned_data[field.name].get_prep_value()) == without_ids(expected), (model, path)
            tried += 1
    assert tried > 12


def without_ids(held: list[Any]) -> list[Any]:
    return [{"type": each["type"], "value": each["value"]} for each in held]


def test_there_is_something_to_go_through(owner: User) -> None:
    names = {form.__qualname__ for form in FORMS}
    assert {"RegistrationForm", "StaffLogInForm", "OwnNameForm", "StaffCreationForm", "CorrectionForm", "NoteForm"} <= names
    editors = editors_forms()
    assert {"StandardPage", "Announcement", "AddedSlot"} <= editors.keys()


@pytest.mark.parametrize("shape", list(Shape))
def test_control_fields_of_a_form_that_cleans_nothing(shape: Shape) -> None:
    """Django's own fields mistake nearly every spelling."""
    plain = {
        Shape.EXACT: forms.CharField(strip=False),
        Shape.PROSE: forms.CharField(widget=forms.Textarea),
        Shape.LINE: forms.CharField(),
        Shape.VALUE: forms.EmailField(),
    }[shape]
    missed = {"wide blank", "no-break space", "tab"}  # what Django strips
    if shape is Shape.VALUE:
        missed |= {"decomposed"}
    assert set(SPELLINGS[shape]) - set(mistaken(plain, shape)) <= missed


def columns() -> dict[str, Callable[[str], Any]]:
    """How the agency's files are read."""
    table = tables.applicants(categories.identities()[people.CATEGORY], {"0003"})
    return {column.name: column.read for column in table.columns}


@pytest.mark.parametrize("spelling", AT_ENDS | {"full width": wide})
@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("ui_no", "A890000002"),
        ("chinese_name", "王小明"),
        ("english_name", "WANG, XIAOMING"),
        ("birth_date", "2004-05-06"),
        ("school_code", "0003"),
        ("degree", "B"),
        ("department", "資訊系3"),
    ],
)
def test_every_spelling_in_an_agencys_file(column: str, text: str, spelling: str) -> None:
    if spelling in {"tab", "filler"}:  # csv_files takes a tab off; a filler in a name is reported
        return
    read = columns()[column]
    assert read((AT_ENDS | {"full width": wide})[spelling](text)) == read(text)


@pytest.mark.parametrize("spelling", SPELLINGS[Shape.VALUE])
@pytest.mark.parametrize(
    ("clean", "text"),
    [(User.normalize_username, "wang-é1"), (clean_code, "A890000002"), (key_of, "WANG, XIAOMING")],
)
def test_every_spelling_in_log_ins_codes_and_searches(clean: Callable[[str], str], text: str, spelling: str) -> None:
    assert clean(SPELLINGS[Shape.VALUE][spelling](text)) == clean(text)


@pytest.mark.parametrize("spelling", INVISIBLE | AT_ENDS)
def test_every_spelling_in_the_searches_of_the_admin(spelling: str) -> None:
    assert short_term((INVISIBLE | AT_ENDS)[spelling]("王小明 é3")) == short_term("王小明 é3")


def test_passwords_in_either_composition_are_one(owner: User) -> None:
    owner.set_password("Pässe 77 wörter")
    assert owner.check_password(unicodedata.normalize("NFD", "Pässe 77 wörter"))
    assert not owner.check_password("Passe 77 worter")
