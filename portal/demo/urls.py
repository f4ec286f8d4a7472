"""Addresses of the demonstration, below /demo/."""

from django.urls import path

from . import components_view, mailbox_views, views

app_name = "demo"
urlpatterns = [
    path("", views.demo, name="people"),
    path("components/", components_view.components, name="components"),
    path("mailbox/", mailbox_views.mailbox, name="mailbox"),
    path("mailbox/<uuid:message_id>/", mailbox_views.email, name="email"),
]
