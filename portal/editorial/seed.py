"""The guidance of the flows on a fresh site."""
# mypy: allow-untyped-calls
# Wagtail's constructors carry no types.

from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from wagtail.models import Revision as SnippetRevision

from .seed_guidance import GUIDANCE
from .snippets import Guidance


def seed() -> None:
    """What is said at each place of which nothing was ever written."""
    known = set(Guidance.objects.values_list("place", flat=True))
    now = timezone.now()
    _publish_all(
        [
            Guidance(
                place=place,
                text=_html(said.zh_hant),
                text_en=_html(said.en),
                text_zh_hans=_html(said.zh_hans),
                first_published_at=now,
                last_published_at=now,
            )
            for place, said in GUIDANCE.items()
            if place not in known
        ],
        now=now,
    )


def _publish_all(guidance: list[Guidance], *, now: datetime) -> None:
    """As one by one, each with its first revision, but thirty at once: tests lay out a fresh site often."""
    content_type = Guidance.get_content_type()
    Guidance.objects.bulk_create(guidance)
    revisions = SnippetRevision.objects.bulk_create(
        SnippetRevision(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(one.pk),
            object_str=str(one),
            content=one.serializable_data(),
            created_at=now,
        )
        for one in guidance
    )
    for one, revision in zip(guidance, revisions, strict=True):
        one.latest_revision = one.live_revision = revision
    Guidance.objects.bulk_update(guidance, ["latest_revision", "live_revision"])


def _html(said: str | tuple[str, ...]) -> str:
    if isinstance(said, str):
        return format_html("<p>{}</p>", said)
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((step,) for step in said)))
