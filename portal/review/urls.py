"""Addresses of review, below /admin/cases/review/."""

from django.urls import path

from . import queue_views, views
from .figures import overview

app_name = "review"
urlpatterns = [
    path("", queue_views.queue, name="queue"),
    path("overview/", overview.overview, name="overview"),
    path("next/", views.take_next, name="next"),
    path("<str:case_no>/", views.decision, name="decision"),
    path("<str:case_no>/draft/", views.save_draft, name="draft"),
    path("<str:case_no>/preview/", views.preview, name="preview"),
    path("<str:case_no>/papers/<str:number>/", views.paper, name="paper"),
    path("<str:case_no>/documents/<uuid:id>/", views.document, name="document"),
]
