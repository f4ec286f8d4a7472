"""Addresses of accounts."""

from django.urls import path

from . import forgot_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("register/", views.register, name="register"),
    path("register/done/", views.registered, name="registered"),
    path("activate/<str:token>/", views.activate, name="activate"),
    path("resend-activation/", forgot_views.resend_activation, name="resend-activation"),
    path("forgot-password/", forgot_views.forgot_password, name="forgot-password"),
    path("new-password/", forgot_views.new_password, name="new-password"),
]
