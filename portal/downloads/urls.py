"""下載專區."""

from django.urls import path

from . import views

app_name = "downloads"
urlpatterns = [
    path("downloads/permits/", views.permits, name="permits"),
    path("downloads/permits/<str:case_no>.pdf", views.permit_pdf, name="permit-pdf"),
    path("downloads/receipts/", views.receipts, name="receipts"),
    path("downloads/receipts/<str:case_no>.pdf", views.receipt_pdf, name="receipt-pdf"),
]
