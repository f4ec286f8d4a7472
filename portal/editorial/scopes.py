"""Where an announcement is shown: everywhere, with one category of students, or in one flow. Packages register their flows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import ResolverMatch

from portal.core import categories

SITE: Final = "site"


@dataclass(frozen=True)
class Flow:
    """One flow; `areas` are the names of its apps, or of single views of them, in addresses (`payments`, `accounts:login`).

    A page of the CMS that is a flow of its own says so in its attribute `flow`.
    """

    code: str
    name: str
    areas: tuple[str, ...] = ()


_flows: dict[str, Flow] = {}
# A view's own line comes before that of its app.
_by_area: dict[str, str] = {}


def register(*flows: Flow) -> None:
    """Add flows, as each package does in its module `places`; raises ValueError when a code or an area is taken."""
    for flow in flows:
        if flow.code in _flows or _by_area.keys() & set(flow.areas):
            raise ValueError(f"flow {flow.code!r} or one of its areas is registered twice")
        _flows[flow.code] = flow
        _by_area.update(dict.fromkeys(flow.areas, flow.code))


def flow_of(match: ResolverMatch | None) -> str:
    """The code of the flow that an address belongs to; "" when it is in none."""
    if match is None:
        return ""
    return _by_area.get(match.view_name) or _by_area.get(match.app_name, "")


def of_category(slug: str) -> str:
    """The scope that is one category of students."""
    return f"category:{slug}"


def of_flow(code: str) -> str:
    """The scope that is one flow."""
    return f"flow:{code}"


def choices() -> Iterable[Any]:
    """Every scope with its name, for the admin."""
    return [
        (SITE, "整個網站"),
        ("學生類別", [(of_category(category.slug), category.name) for category in categories.all_categories()]),
        ("功能", [(of_flow(flow.code), flow.name) for flow in _flows.values()]),
    ]
