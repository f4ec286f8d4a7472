"""Addresses of the sandbank."""

from django.urls import include, path

from . import desk_views, platform_views, views

app_name = "sandbank"
urlpatterns = [
    path("pay/", views.pay, name="pay"),
    path("orders/<uuid:uid>/", views.card, name="card"),
    path("orders/<uuid:uid>/3ds/", views.challenge, name="challenge"),
    path("orders/<uuid:uid>/cancel/", views.cancel, name="cancel"),
    path("orders/<uuid:uid>/done/", views.done, name="done"),
    path("orders/<uuid:uid>/web-atm/", platform_views.web_atm, name="web-atm"),
    path("orders/<uuid:uid>/e-gov/", platform_views.egov, name="egov"),
    path("orders/<uuid:uid>/e-gov/confirm/", platform_views.egov_confirm, name="egov-confirm"),
    path("desk/", desk_views.desk_page, name="desk"),
    path("desk/counter/", desk_views.counter, name="counter"),
    path("desk/store/", desk_views.store, name="store"),
    path("desk/clock/", desk_views.clock, name="clock"),
    path("desk/settlement.csv", desk_views.settlement_file, name="settlement"),
    path("desk/faults/", desk_views.faults, name="faults"),
    path("api/orders/query/", views.query, name="query"),
    path("ecpay/", include("portal.sandbank.ecpay.urls")),
]
