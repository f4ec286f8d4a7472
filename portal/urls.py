"""Every address of the portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.core.converters import CategoryConverter
from portal.home.demo_view import demo

register_converter(CategoryConverter, "category")

individual = [
    path("", include("portal.accounts.urls")),
    path("", include("portal.my_cases.urls")),
    path("", include("portal.forms.urls")),
    path("", include("portal.payments.urls")),
    path("", include("portal.downloads.urls")),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.core.urls")),
    path("<category:category>/individual/", include(individual)),
    path("payments/", include("portal.payments.gateway_urls")),
    path("verify/", include("portal.downloads.public_urls")),
    path("captcha/", include("captcha.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/", demo, name="demo"),
        path("demo/", include("portal.mail.urls")),
        path("sandbank/", include("portal.sandbank.urls")),
        # Editors' pictures; a web server sends them where there is one.
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    ]
urlpatterns += [path("", include(wagtail_urls))]
