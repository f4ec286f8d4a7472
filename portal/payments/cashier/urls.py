"""Addresses below /admin/money/."""

from django.urls import path

from . import views

app_name = "cashier"
urlpatterns = [
    path("", views.sums, name="sums"),
    path("items/", views.items, name="items"),
    path("payments/<str:reference>/", views.payment, name="payment"),
    path("refunds/", views.refund_list, name="refunds"),
    path("refunds/<uuid:uid>/", views.decide_refund, name="decide-refund"),
    path("settlements/", views.settlements, name="settlements"),
    path("settlements/<int:pk>/", views.settlement_file, name="settlement"),
    path("closes/", views.closes, name="closes"),
]
