"""Addresses of review, below /admin/cases/review/."""

from django.urls import path

from . import views

app_name = "review"
urlpatterns = [
    path("<str:case_no>/", views.decision, name="decision"),
    path("<str:case_no>/documents/<uuid:id>/", views.document, name="document"),
]
