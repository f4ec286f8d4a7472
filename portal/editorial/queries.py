"""What editors wrote that stands around a page: whom to call, links, announcements, guidance. All of it in one query."""
# mypy: allow-untyped-calls
# Wagtail's classes carry no types.

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from wagtail.models import Page

from portal.cms.snippets import in_force
from portal.editorial.contact import ContactSettings, FooterLink

from . import scopes
from .snippets import Announcement, Guidance, Level

CONTACT: Final = (
    *("agency", "agency_en", "agency_zh_hans", "hotline", "hours", "hours_en", "hours_zh_hans"),
    *("second_line", "second_line_en", "second_line_zh_hans", "second_number"),
)
LABEL: Final = ("label", "label_en", "label_zh_hans")
DATETIME_FIELDS: Final = ("first_published_at", "expire_at")
ANNOUNCEMENT: Final = ("id", "level", "title", "title_en", "title_zh_hans", "text", "text_en", "text_zh_hans", *DATETIME_FIELDS)
GUIDANCE: Final = ("place", "text", "text_en", "text_zh_hans", "expire_at")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """A link of the footer, ready for the page's language."""

    label: str
    label_en: str
    label_zh_hans: str
    address: str


@dataclass(frozen=True)
class EditorialContext:
    """The words around one page. `announcements`: the gravest first, and then the newest."""

    contact: ContactSettings
    links: tuple[Link, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    guidance: Mapping[str, Guidance] = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime | None:
        """When the first of them comes to its end: a page with them may be kept so long."""
        ends = (one.expire_at for one in (*self.announcements, *self.guidance.values()))
        return min((moment for moment in ends if moment), default=None)


def contact() -> ContactSettings:
    """Whom to call, without all the rest."""
    return ContactSettings.objects.first() or ContactSettings()


def active_announcements(now: datetime, category: str | None = None, flow: str | None = None) -> QuerySet[Announcement]:
    """The published announcements of the whole site, and of the category and the flow, whose end has not come."""
    where = [scopes.SITE, scopes.of_category(category or ""), scopes.of_flow(flow or "")]
    return in_force(Announcement.objects.filter(scope__in=where), now=now)


def editorial_context(*, now: datetime, language: str, category: str = "", flow: str = "", area: str = "") -> EditorialContext:
    """The words around a page of that category, flow and area (the app's name in addresses)."""
    found: dict[str, list[Row]] = {"contact": [], "link": [], "announcement": [], "guidance": []}
    rows = _rows("contact", ContactSettings.objects.all(), CONTACT).union(
        _rows("link", _links(language), (*LABEL, "id", "sort_order", "url", "path", "source", "translated")),
        _rows("announcement", active_announcements(now, category, flow), ANNOUNCEMENT),
        _rows("guidance", in_force(Guidance.objects.filter(place__startswith=f"{area}."), now=now), GUIDANCE),
        all=True,
    )
    for kind, row in rows:
        found[kind].append(row)
    return EditorialContext(
        contact=ContactSettings(**found["contact"][0]) if found["contact"] else ContactSettings(),
        links=tuple(_link(row, language) for row in sorted(found["link"], key=_place_in_foot)),
        announcements=_by_weight([Announcement(**_with_moments(row)) for row in found["announcement"]]),
        guidance={row["place"]: Guidance(**_with_moments(row)) for row in found["guidance"]},
    )


def _rows(kind: str, of: QuerySet[Any], names: tuple[str, ...]) -> QuerySet[Any, tuple[str, Row]]:
    row = JSONObject(**{name: name for name in names})
    rows: QuerySet[Any, tuple[str, Row]] = (
        of.order_by().annotate(kind=Value(kind, CharField()), row=row).values_list("kind", "row")
    )
    return rows


def _links(language: str) -> QuerySet[FooterLink]:
    """Those that lead somewhere, with the address of the page inside of the site, in the page's language where there is one."""
    translated = Page.objects.live().filter(translation_key=OuterRef("page__translation_key"), locale__language_code=language)
    return FooterLink.objects.filter(Q(page=None) | Q(page__live=True)).annotate(
        path=F("page__url_path"), source=F("page__locale__language_code"), translated=Subquery(translated.values("url_path")[:1])
    )


def _place_in_foot(row: Row) -> tuple[int, int]:
    return row["sort_order"] or 0, row["id"]


def _link(row: Row, language: str) -> Link:
    return Link(**{name: row[name] for name in LABEL}, address=row["url"] or _address(row, language))


def _address(row: Row, language: str) -> str:
    """As Wagtail would say it, without asking for the site: the path of a page begins with its landing page."""
    path = (row["translated"] or row["path"]).split("/", 2)[2]
    with translation.override(language if row["translated"] else row["source"]):
        return reverse("wagtail_serve", args=[path])


def _with_moments(row: Row) -> Row:
    """The databases write moments into JSON as text."""
    return {name: _moment(value) if name in DATETIME_FIELDS else value for name, value in row.items()}


def _moment(text: str | None) -> datetime | None:
    moment = parse_datetime(text or "")
    return moment.replace(tzinfo=UTC) if moment and is_naive(moment) else moment


def _by_weight(announcements: list[Announcement]) -> tuple[Announcement, ...]:
    newest = sorted(
        announcements, key=lambda announcement: announcement.first_published_at or datetime.max.replace(tzinfo=UTC), reverse=True
    )
    return tuple(sorted(newest, key=lambda announcement: Level.values.index(announcement.level)))
