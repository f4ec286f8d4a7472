"""Addresses of my_cases."""

from django.urls import URLPattern

app_name = "my_cases"
urlpatterns: list[URLPattern] = []
