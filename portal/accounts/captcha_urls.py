"""Addresses of the 驗證碼. The pictures are drawn by django-simple-captcha."""

from captcha.views import captcha_image
from django.urls import path, re_path

from . import captcha_views

urlpatterns = [
    re_path(r"^image/(?P<key>\w+)/$", captcha_image, {"scale": 1}, name="captcha-image"),
    re_path(r"^image/(?P<key>\w+)@2/$", captcha_image, {"scale": 2}, name="captcha-image-2x"),
    re_path(r"^audio/(?P<key>[0-9a-f]{40})\.wav$", captcha_views.audio, name="captcha-audio"),
    path("refresh/", captcha_views.refresh, name="captcha-refresh"),
]
