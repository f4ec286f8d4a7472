"""Operational records in the admin 唯讀: listed, filtered, searched, looked at and exported; nobody writes one by hand.

modeladmin hands every parameter it does not know to `.filter()`; a list of ours reads only what it declares (`query`),
and the system check in `checks` refuses a list that is not one of ours.
"""
# mypy: allow-untyped-calls, disable-error-code="assignment, has-type"
# modeladmin carries no types; its options are class attributes that begin as None and take anything.

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.admin import display
from django.contrib.admin.utils import label_for_field, unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_safe
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from . import exports
from .query import RecordsSearch, declared

logger = logging.getLogger(__name__)


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
    """The list, and its export for a spreadsheet program."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whatever was not declared, or makes no sense, is gone before modeladmin reads the query string."""
        if self.permission_helper.user_can_list(request.user):
            request.GET = declared(self, request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_filename(self) -> str:
        return f"{self.opts.model_name}-{timezone.localdate()}"

    def get_heading(self, queryset: QuerySet[Model], field: str) -> str:
        return exports.heading(self.model, field, super().get_heading(queryset, field))

    def to_row_dict(self, item: Model) -> dict[str, Any]:
        return exports.row_in_words(item, super().to_row_dict(item))


class RecordsInspect(InspectView):
    """One record, in words."""

    def get_field_label(self, field_name: str, field: Any = None) -> Any:
        return label_for_field(field_name, self.model, self.model_admin)

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        """A column of the list may stand here, too."""
        if field is None and callable(own := getattr(self.model_admin, field_name, None)):
            return own(self.instance)
        if field_name in self.model_admin.money:  # type: ignore[union-attr]  # there is one, set by its view
            return amount(getattr(self.instance, field_name))
        value = super().get_field_display_value(field_name, field)
        return ("是" if value else "否") if isinstance(value, bool) else value


def amount(dollars: int | None) -> str:
    """新臺幣, as it is written beside a number."""
    return "" if dollars is None else f"NT$\N{NO-BREAK SPACE}{number_format(dollars, use_l10n=True, force_grouping=True)}"


def _money_column(name: str, label: str) -> Callable[[Model], str]:
    @display(description=label, ordering=name)
    def shown(record: Model) -> str:
        return amount(getattr(record, name))

    return shown


class ReadOnlyModelAdmin(ModelAdmin):
    """A thin skin of modeladmin: it has addresses for the list and, where enabled, for one record; none that write."""

    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = RecordsIndex
    inspect_view_class = RecordsInspect
    search_handler_class = RecordsSearch
    inspect_view_fields_exclude = ("id",)
    history_view_enabled = False
    list_per_page = 50
    # The columns that are amounts of New Taiwan dollars; they are shown as such, and exported as numbers.
    money: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.money:
            setattr(self, f"{name}_shown", _money_column(name, self.opts.get_field(name).verbose_name))

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [f"{name}_shown" if name in self.money else name for name in super().get_list_display(request)]

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
