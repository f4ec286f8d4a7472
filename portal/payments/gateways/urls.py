"""Addresses without a student: gateways. With or without the last slash, never a redirect."""

from django.urls import path

from . import views as gateway_views

app_name = "gateways"
urlpatterns = [
    path("<slug:gateway>/notify", gateway_views.notify),
    path("<slug:gateway>/notify/", gateway_views.notify, name="notify"),
    path("<slug:gateway>/return", gateway_views.gateway_return),
    path("<slug:gateway>/return/", gateway_views.gateway_return, name="return"),
]
