"""Addresses for administrators, below /admin/staff/."""

from django.urls import path

from . import views

app_name = "staff"
urlpatterns = [
    path("<int:pk>/send-link/", views.send_link, name="send-link"),
    path("<int:pk>/reset/", views.ask_reset, name="ask-reset"),
    path("resets/", views.reset_list, name="resets"),
    path("resets/<int:pk>/confirm/", views.confirm_reset, name="confirm-reset"),
    path("resets/<int:pk>/decline/", views.decline_reset, name="decline-reset"),
]
