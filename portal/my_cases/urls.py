"""Addresses of my_cases."""

from django.urls import path

from . import views

app_name = "my_cases"
urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("cases/<str:case_no>/", views.case, name="case"),
    path("cases/<str:case_no>/application.pdf", views.application_copy, name="application-copy"),
    path("cases/<str:case_no>/documents/<uuid:id>/", views.document, name="document"),
]
