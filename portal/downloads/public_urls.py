"""Addresses without a student: verification."""

from django.urls import path

from . import views

app_name = "verification"
urlpatterns = [
    path("", views.verify_typed, name="typed"),
    path("file/", views.verify_file, name="file"),
    path("<str:code>/", views.verify, name="verify"),
]
