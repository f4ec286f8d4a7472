"""Every file field of every model, and every form that takes a file, stands in file_table.py."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.urls import get_resolver
from wagtail.documents.forms import get_document_form, get_document_multi_form
from wagtail.documents.models import Document
from wagtail.images.forms import get_image_form, get_image_multi_form
from wagtail.images.models import Image
from wagtail.models import get_page_models
from wagtail.snippets.models import get_snippet_models

from portal.core.files import PrivateFileSystemStorage
from portal.uploads.document_forms import DocumentForm
from portal.uploads.picture_forms import PictureField, PictureForm

from .file_table import KEPT, PUBLIC, TAKEN
from .source import ROOT
from .test_access import addresses_of


def file_fields() -> dict[str, models.FileField]:
    fields = ((model._meta.label, field) for model in apps.get_models(include_auto_created=True) for field in model._meta.fields)
    return {f"{label}.{field.name}": field for label, field in fields if isinstance(field, models.FileField)}


def subclasses(of: type[Any]) -> Iterator[type[Any]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def guard(form: type[Any]) -> str:
    """A form that Wagtail derives from one of ours goes by our name."""
    return next((ours.__name__ for ours in (DocumentForm, PictureForm) if issubclass(form, ours)), form.__name__)


def forms_of_the_admin() -> Iterator[type[Any]]:
    """All that the views have made by the time their addresses are known, and those that are made for a request."""
    list(addresses_of(get_resolver().url_patterns))
    yield from (make(Document) for make in (get_document_form, get_document_multi_form))
    yield from (make(Image) for make in (get_image_form, get_image_multi_form))
    yield from (model.get_edit_handler().get_form_class() for model in get_page_models())
    yield from (model.snippet_viewset.get_edit_handler().get_form_class() for model in get_snippet_models())
    yield from subclasses(forms.BaseForm)


def test_every_file_field_has_a_row_and_every_row_a_field() -> None:
    assert file_fields().keys() == KEPT.keys()


def test_only_drawn_pictures_are_public() -> None:
    for name, field in file_fields().items():
        place = field.storage
        assert isinstance(place, FileSystemStorage)
        assert isinstance(place, PrivateFileSystemStorage) is (name not in PUBLIC), name
        root = settings.MEDIA_ROOT if name in PUBLIC else settings.PRIVATE_ROOT
        assert Path(place.location).is_relative_to(root), name
    assert not Path(settings.PRIVATE_ROOT).is_relative_to(settings.MEDIA_ROOT)


def test_every_form_that_takes_a_file_has_a_row_and_every_row_a_form() -> None:
    found = {
        f"{guard(form)}.{name}"
        for form in forms_of_the_admin()
        if not form.__module__.startswith("tests.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField)
    }
    assert found == TAKEN.keys()


@pytest.mark.django_db
def test_the_guards_are_in_their_places() -> None:
    form = get_image_form(Image)()
    assert isinstance(form, PictureForm)
    assert isinstance(form.fields["file"], PictureField)
    assert isinstance(get_document_form(Document)(), DocumentForm)


def test_files_of_a_request_are_read_in_known_places_only() -> None:
    """Past a form nothing judges them."""
    readers = {
        str(path.relative_to(ROOT / "portal")) for path in (ROOT / "portal").rglob("*.py") if "request.FILES" in path.read_text()
    }
    assert readers == {"downloads/views.py", "forms/intake.py", "payments/cashier/views.py", "records/clerks/views.py"}
