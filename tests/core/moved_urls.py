"""The portal's addresses with the admin elsewhere, which no guard knows."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [path("", include("portal.core.urls")), path("cms/", include(wagtailadmin_urls))]
