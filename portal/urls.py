"""Every address of the portal."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.views.decorators.cache import never_cache
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.urls import serve_pattern
from wagtail.views import serve as serve_page

from portal.cms.document_views import serve_document
from portal.core.categories import CategoryConverter
from portal.home.sitemaps import PageSitemap
from portal.home.views import robots
from portal.staff_login.users.account_page import AccountView
from portal.staff_login.users.views import set_up

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
    path("payments/", include("portal.payments.gateways.urls")),
    path("captcha/", include("portal.captcha.urls")),
    # Before Wagtail's: of these two, one is open to who is not logged in, the other takes the place of Wagtail's own.
    path("admin/set-up/<str:token>/", set_up, name="staff-set-up"),
    path("admin/account/", never_cache(require_admin_access(AccountView.as_view())), name="wagtailadmin_account"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<str:filename>", serve_document, name="wagtaildocs_serve"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PageSitemap}}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
]
# What people read: /…, /en/…, /zh-hans/….
pages: list[URLPattern | URLResolver] = [
    path("<category:category>/individual/", include(individual)),
    path("verify/", include("portal.downloads.public_urls")),
]
if apps.is_installed("portal.demo"):
    urlpatterns += [
        path("sandbank/", include("portal.sandbank.urls")),
        # Editors' pictures; a web server sends them where there is one.
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    ]
    pages.append(path("demo/", include("portal.demo.urls")))
# Of Wagtail's own addresses pages only: not its second log-in (`_util/login/`), nor its passwords for single pages.
pages.append(re_path(serve_pattern, serve_page, name="wagtail_serve"))
urlpatterns += i18n_patterns(*pages, prefix_default_language=False)
# A form with too much in it gets a page that says so.
handler400 = "portal.throttling.body_limits.bad_request"
# What was typed is in the answer of a broken server.
handler500 = "portal.core.views.server_error"
handler404 = "portal.accounts.views.not_found"
