"""Addresses of 線上申辦."""

from django.urls import path
from django.views.decorators.http import require_http_methods

from portal.accounts.access import shows_typed, student_required

from . import views
from .wizard import STEP_FORMS, ApplicationWizard

wizard = ApplicationWizard.as_view(STEP_FORMS, url_name="forms:step", done_step_name="sent")  # type: ignore[no-untyped-call]
step = require_http_methods(["GET", "HEAD", "POST"])(student_required(shows_typed(wizard)))

app_name = "forms"
urlpatterns = [
    path("apply/<slug:kind>/", views.start, name="start"),
    path("apply/<slug:kind>/opening.ics", views.opening, name="opening"),
    path("apply/<slug:kind>/<slug:token>/sent/", views.sent, name="sent"),
    path("apply/<slug:kind>/<slug:token>/delete/", views.delete, name="delete"),
    path("apply/<slug:kind>/<slug:token>/save/", views.save, name="save"),
    path("apply/<slug:kind>/<slug:token>/files/<uuid:uid>/", views.upload_preview, name="upload-preview"),
    path("apply/<slug:kind>/<slug:token>/<slug:step>/", step, name="step"),
]
