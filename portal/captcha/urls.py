"""Addresses of the 驗證碼. `part` 2 is the second code, where more proof is asked for."""

from django.urls import re_path

from . import views as captcha_views

KEY = r"(?P<key>\w+)"
PART = r"(?:-(?P<part>2))?"
urlpatterns = [
    re_path(rf"^image/{KEY}{PART}/$", captcha_views.image, {"scale": 1}, name="captcha-image"),
    re_path(rf"^image/{KEY}{PART}@2/$", captcha_views.image, {"scale": 2}, name="captcha-image-2x"),
    re_path(rf"^audio/{KEY}{PART}\.wav$", captcha_views.audio, name="captcha-audio"),
    re_path(r"^refresh/$", captcha_views.refresh, name="captcha-refresh"),
]
