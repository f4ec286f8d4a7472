"""Wagtail's API of the admin reads the parameters that it declares; the others are ignored, as in every list of the admin."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import BaseAPIViewSet


class DeclaredParameters(BaseAPIViewSet):
    """What each endpoint of the admin's API is made of, besides Wagtail's own."""

    def check_query_parameters(self, queryset: QuerySet[Any]) -> None:
        """Wagtail answers 400 to a parameter that it does not know; the filters look at declared fields only."""

    def find_object(self, queryset: QuerySet[Any], request: HttpRequest) -> Any:
        """`?id=a` finds nothing."""
        try:
            return super().find_object(queryset, request)
        except ValueError:
            return None


def read_declared_only(router: WagtailAPIRouter) -> None:
    """Every endpoint, Wagtail's later ones too."""
    for name, viewset in list(router._endpoints.items()):
        router.register_endpoint(name, type(viewset.__name__, (DeclaredParameters, viewset), {}))
