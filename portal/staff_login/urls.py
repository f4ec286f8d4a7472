"""Addresses of the second factor, below /admin/second-factor/."""

from django.urls import path

from . import second_factor_views as views

app_name = "second_factor"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("enrol/", views.enrol, name="enrol"),
    path("settings/", views.settings_page, name="settings"),
    path("recovery-codes/", views.recovery_codes, name="recovery-codes"),
]
