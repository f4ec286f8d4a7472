"""Addresses of mail: the demo's mailbox, under /demo/."""

from django.urls import path

from . import views

app_name = "mail"
urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<uuid:message_id>/", views.letter, name="letter"),
]
