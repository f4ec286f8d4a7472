"""Addresses of accounts."""

from django.urls import path

from . import views
from .account import views as account_views
from .password import forgot_views

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
    path("account/password/", account_views.password, name="password"),
    path("account/profile/", account_views.edit_profile, name="profile"),
    path("account/email/<str:token>/", account_views.email, name="email"),
    path("account/sessions/", account_views.sessions, name="sessions"),
    path("account/session/", account_views.session, name="session"),
]
