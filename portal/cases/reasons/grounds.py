"""On which grounds a kind's applications are refused today, and how a case keeps the one that it was refused on."""

from datetime import datetime

from django.utils import timezone

from portal.cases.kinds import CaseKind
from portal.cms.snippets import in_force
from portal.core.wording import in_every_language

from . import RejectReason
from .models import RefusalGround


def grounds_of(kind: CaseKind, *, now: datetime) -> tuple[RejectReason, ...]:
    """Those that the agency has published for the kind; while there are none, those that the kind brings along."""
    rows = in_force(RefusalGround.objects.all(), now=now)
    return tuple(row.reason for row in rows if not row.kinds or kind.key in row.kinds) or kind.reject_reasons


def as_kept(ground: RejectReason) -> dict[str, dict[str, str]]:
    """Its words in every language, as a case keeps them."""
    return {"label": in_every_language(ground.label), "law": in_every_language(ground.law)}


def seed(reasons: tuple[RejectReason, ...], *, kinds: list[str]) -> None:
    """The grounds that a category brings along, for the agency to edit; nothing where there is one already."""
    if RefusalGround.objects.exists():
        return
    published = {"first_published_at": timezone.now(), "last_published_at": timezone.now(), "kinds": kinds}
    RefusalGround.objects.bulk_create(  # at once: tests lay out a fresh site often
        RefusalGround(code=reason.code, order=place * 10, **_row("label", reason), **_row("law", reason), **published)
        for place, reason in enumerate(reasons, 1)
    )


def _row(name: str, reason: RejectReason) -> dict[str, str]:
    """One text in its three columns; what is not translated stays empty."""
    said = in_every_language(getattr(reason, name))
    source = said["zh-hant"]
    others = {f"{name}_en": said["en"], f"{name}_zh_hans": said["zh-hans"]}
    return {name: source, **{column: "" if text == source else text for column, text in others.items()}}
