"""Addresses of ECPay's dialect, below the bank's: those of its interface as ECPay writes them."""

from django.urls import path

from . import views

urlpatterns = [
    path("Cashier/AioCheckOut/V5", views.check_out, name="ecpay-check-out"),
    path("Cashier/QueryTradeInfo/V5", views.query_trade, name="ecpay-query-trade"),
    path("Cashier/QueryPaymentInfo", views.query_code, name="ecpay-query-code"),
    path("CreditDetail/DoAction", views.do_action, name="ecpay-do-action"),
    path("codes/", views.codes, name="ecpay-codes"),
    path("codes/<uuid:uid>/", views.code, name="ecpay-code"),
]
