"""Operational records in the admin 唯讀: listed, filtered, searched, looked at and exported; nobody writes one by hand.

modeladmin hands every parameter it does not know to `.filter()`; a list of ours reads only what it declares (records_query.py),
and the system check in records_checks.py refuses a list that is not one of ours.
"""
# mypy: allow-untyped-calls, disable-error-code="assignment, has-type"
# modeladmin carries no types; its options are class attributes that begin as None and take anything.

import logging
from typing import Any, Final

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from .model_admin_query import RecordsSearch, declared

logger = logging.getLogger(__name__)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class ReadOnlyPermissionHelper(PermissionHelper):
    """Who has the model's `view` permission may list and look; nobody, not even an administrator, may do more."""

    def user_can_list(self, user: Any) -> bool:
        return bool(self.user_has_specific_permission(user, self.get_perm_codename("view")))

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return bool(self.inspect_view_enabled and self.user_can_list(user))

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class RecordsIndex(IndexView):
    """The list, and its export for a spreadsheet program: what a person typed is never a formula there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whatever was not declared, or makes no sense, is gone before modeladmin reads the query string."""
        if self.permission_helper.user_can_list(request.user):
            request.GET = declared(self, request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        value = super().preprocess_field_value(field, value, export_format)
        is_formula = export_format == self.FORMAT_CSV and isinstance(value, str) and value.startswith(FORMULA)
        return f"'{value}" if is_formula else value


class RecordsInspect(InspectView):
    """One record, in words."""

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        value = super().get_field_display_value(field_name, field)
        return ("是" if value else "否") if isinstance(value, bool) else value


class ReadOnlyModelAdmin(ModelAdmin):
    """A thin skin of modeladmin: it has addresses for the list and, where enabled, for one record; none that write."""

    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = RecordsIndex
    inspect_view_class = RecordsInspect
    search_handler_class = RecordsSearch
    inspect_view_fields_exclude = ("id",)
    history_view_enabled = False
    list_per_page = 50

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        views = {"index": require_safe(self.index_view)}
        if self.inspect_view_enabled:
            views["inspect"] = require_safe(self.inspect_view)
        urls = self.url_helper
        return tuple(
            re_path(urls.get_action_url_pattern(action), view, name=urls.get_action_url_name(action))
            for action, view in views.items()
        )

    def register_indexing(self) -> None:
        """Nothing in a record refers to Wagtail's pages: no index to keep at every save."""

    def index_view(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("export"):
            logger.info("user %s exports %s", request.user.pk, self.opts.label)
        response: HttpResponse = super().index_view(request)
        return response

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        try:
            self.opts.pk.to_python(unquote(instance_pk))
        except ValidationError:
            raise Http404 from None
        logger.info("user %s looks at %s %s", request.user.pk, self.opts.label, instance_pk)
        response: HttpResponse = super().inspect_view(request, instance_pk)
        return response
