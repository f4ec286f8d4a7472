"""What Wagtail's admin learns from review."""

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from .admin import CaseAdmin

modeladmin_register(CaseAdmin)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def review_urls() -> list[URLResolver]:
    return [path("cases/review/", include("portal.review.urls"))]
