"""Addresses of my_cases."""

from django.urls import path

from . import views
from .corrections import views as corrections
from .progress import views as progress
from .withdrawal import views as withdrawal

app_name = "my_cases"
urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("corrections/", corrections.listed, name="corrections"),
    path("corrections/<str:case_no>/", corrections.detail, name="correction"),
    path("corrections/<str:case_no>/save/", corrections.save, name="correction-save"),
    path("progress/", progress.query, name="progress"),
    path("progress/cases.csv", progress.export, name="progress-csv"),
    path("withdraw/", withdrawal.query, name="withdraw"),
    path("withdraw/<str:case_no>/", withdrawal.detail, name="withdrawal"),
    path("cases/<str:case_no>/", views.case, name="case"),
    path("cases/<str:case_no>/deadline.ics", views.deadline, name="deadline"),
    path("cases/<str:case_no>/application.pdf", views.application_copy, name="application-copy"),
    path("cases/<str:case_no>/documents/<uuid:id>/", views.document, name="document"),
]
