"""Addresses of 線上繳費."""

from django.urls import path

from . import views

app_name = "payments"
urlpatterns = [
    path("payments/", views.payable_list, name="list"),
    path("payments/<slug:bill_no>/", views.bill_detail, name="bill"),
    path("payments/<slug:bill_no>/method/", views.method, name="method"),
    path("payments/<slug:bill_no>/method/<slug:code>/", views.method_details, name="method-details"),
    path("payments/<slug:bill_no>/cancel/", views.cancel, name="cancel"),
    path("payments/<slug:bill_no>/slip.pdf", views.slip, name="slip"),
    path("payments/<slug:bill_no>/result/", views.result, name="result"),
]
