"""Addresses of sandbank."""

from django.urls import URLPattern

app_name = "sandbank"
urlpatterns: list[URLPattern] = []
