"""Addresses of review, below /admin/cases/review/."""

from django.urls import path

from . import views

app_name = "review"
urlpatterns = [
    path("<str:receipt_no>/", views.decision, name="decision"),
    path("<str:receipt_no>/documents/<uuid:id>/", views.document, name="document"),
]
