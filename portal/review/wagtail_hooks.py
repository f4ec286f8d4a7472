"""What Wagtail's admin learns from review."""

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from .added_slots import AddedSlotViewSet
from .admin import CaseAdmin

modeladmin_register(CaseAdmin)
register_snippet(AddedSlotViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def review_urls() -> list[URLResolver]:
    return [path("cases/review/", include("portal.review.urls"))]
