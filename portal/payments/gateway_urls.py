"""Addresses without a student: gateways."""

from django.urls import URLPattern

app_name = "gateways"
urlpatterns: list[URLPattern] = []
