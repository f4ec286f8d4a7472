"""Addresses of the sandbank."""

from django.urls import path

from . import views

app_name = "sandbank"
urlpatterns = [
    path("pay/", views.pay, name="pay"),
    path("orders/<uuid:uid>/", views.card, name="card"),
    path("orders/<uuid:uid>/3ds/", views.challenge, name="challenge"),
    path("orders/<uuid:uid>/cancel/", views.cancel, name="cancel"),
    path("orders/<uuid:uid>/done/", views.done, name="done"),
    path("api/orders/query/", views.query, name="query"),
]
