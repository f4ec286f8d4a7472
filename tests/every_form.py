"""Every form of the site, the admin's among them, made as its view makes it: tables of cases go through them."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django import forms
from django.test import RequestFactory
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

import portal
from portal.accounts.models import User
from portal.cases.decisions import DecisionForm
from portal.cases.models import Case
from portal.core import categories
from portal.fields.cleaning import CleanForm
from portal.fields.row_forms import RowForm
from portal.forms.application import ApplicationForm
from portal.records.models import Applicant
from portal.sessions.engine import SessionStore
from portal.throttling.form_limits import LengthFirst
from tests import people
from tests.factories.cases import NOW, match

ANSWERS = {"degree": "B", "enrolled_on": "2024-09-01"}
# A bank is not ours and has its own way; a page of samples takes nothing.
NOT_OURS = ("portal.sandbank.", "portal.demo.")
ABSTRACT = {CleanForm, RowForm, LengthFirst, ApplicationForm, DecisionForm}


def all_forms() -> list[type[forms.BaseForm]]:
    """Every class of the portal's, model forms and all."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if not {"settings", "migrations", "management", "celery", "wsgi", "urls"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    found = {form for form in _subclasses(forms.BaseForm) if form.__module__.startswith("portal.")}
    return sorted(found - ABSTRACT, key=lambda form: f"{form.__module__}.{form.__qualname__}")


def _subclasses(form: Any) -> Iterator[Any]:
    for each in form.__subclasses__():
        yield each
        yield from _subclasses(each)


def editors_forms() -> dict[str, type[forms.BaseForm]]:
    """What Wagtail makes of our pages and snippets, by the model's name."""
    ours = [model for model in (*get_page_models(), *get_snippet_models()) if model.__module__.startswith("portal.")]
    return {model.__name__: _editor(model).get_form_class() for model in ours}


def _editor(model: Any) -> Any:
    viewset = getattr(model, "snippet_viewset", None)
    return viewset.get_edit_handler() if viewset else model.get_edit_handler()


def made(form: type[Any], data: Any, user: User) -> Any:
    """The form as its view makes it."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    category = categories.get(people.CATEGORY)
    ways: list[dict[str, Any]] = [
        {},
        {"request": request, "category": category},
        {"request": request},
        {"user": user},
        {"user": user, "today": people.TODAY},
        {"user": user, "session_key": "x"},
        {"instance": user, "actor": user},
        {"newest": "china-student-1"},
        {"label": "x", "today": people.TODAY},
        {"record": Applicant(category=people.CATEGORY)},
        {"user": user, "page": Page.objects.filter(depth__gt=1).first()},
        {"answers": ANSWERS, "previous": match(user).permit, "today": people.TODAY},
    ]
    case = Case(category=people.CATEGORY, kind_code="multiple-entry")
    of_a_case: list[dict[str, Any]] = [{"case": case, "now": NOW}, {"case": case}]
    for way in [*ways, *of_a_case]:
        try:
            return form(data=data, **way)
        except (TypeError, KeyError):  # Wagtail's forms take what they need out of `kwargs` themselves
            continue
    raise LookupError(f"no view makes {form.__qualname__} in a way that is known here")
