"""Addresses below /admin/records/."""

from django.urls import path, re_path

from . import views

app_name = "records-clerks"
urlpatterns = [
    path("imports/", views.index, name="imports"),
    path("imports/<uuid:uid>/", views.one_import, name="import"),
    re_path(r"^(?P<table>applicants|permits)/(?P<pk>[0-9]{1,18})/correct/$", views.correction, name="correct"),
]
