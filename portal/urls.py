"""Every address of the portal."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.core.converters import CategoryConverter
from portal.home.components_view import components
from portal.home.demo_view import demo
from portal.home.sitemaps import PageSitemap
from portal.home.views import robots

register_converter(CategoryConverter, "category")

individual = [
    path("", include("portal.accounts.urls")),
    path("", include("portal.my_cases.urls")),
    path("", include("portal.forms.urls")),
    path("", include("portal.payments.urls")),
    path("", include("portal.downloads.urls")),
]
# What the world outside calls: no language in it.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.core.urls")),
    path("payments/", include("portal.payments.gateway_urls")),
    path("captcha/", include("portal.accounts.captcha_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PageSitemap}}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
]
# What people read: /…, /en/…, /zh-hans/….
pages: list[URLPattern | URLResolver] = [
    path("<category:category>/individual/", include(individual)),
    path("verify/", include("portal.downloads.public_urls")),
]
if settings.DEMO:
    urlpatterns += [
        path("sandbank/", include("portal.sandbank.urls")),
        # Editors' pictures; a web server sends them where there is one.
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    ]
    pages += [
        path("demo/", demo, name="demo"),
        path("demo/components/", components, name="components"),
        path("demo/", include("portal.mail.urls")),
    ]
urlpatterns += i18n_patterns(*pages, path("", include(wagtail_urls)), prefix_default_language=False)
# A form with too much in it gets a page that says so.
handler400 = "portal.core.body_limits.bad_request"
