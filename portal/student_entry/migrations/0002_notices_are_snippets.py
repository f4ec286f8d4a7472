"""公告 of the entry page become notices of their own (home.Notice), shown where they were; the page's field goes."""

import json
from datetime import datetime, timedelta, timezone

from django.db import migrations

TAIPEI = timezone(timedelta(hours=8))


def make_notices(apps, schema_editor):
    """What was published stays published; what stands in a draft of the page only becomes a draft."""
    now = datetime.now(TAIPEI)
    for page in apps.get_model("student_entry", "StudentEntryPage").objects.filter(alias_of=None).select_related("latest_revision"):
        published = list(page.notices.raw_data)
        for block in published:
            _make_notice(apps, block["value"], live=page.live, now=now)
        known = {block.get("id") for block in published}
        for block in _drafted(page):
            if block.get("id") not in known:
                _make_notice(apps, block["value"], live=False, now=now)


def _drafted(page):
    """The notices of the page's latest draft."""
    if not page.has_unpublished_changes or page.latest_revision is None:
        return []
    blocks = page.latest_revision.content.get("notices") or []
    return json.loads(blocks) if isinstance(blocks, str) else blocks


def _make_notice(apps, said, *, live, now):
    day = said.get("date")
    began = datetime.fromisoformat(day).replace(tzinfo=TAIPEI) if day else now
    apps.get_model("home", "Notice").objects.create(
        level=said["level"],
        scope="flow:entry",
        title=said["title"],
        text=said.get("text") or "",
        live=live,
        has_unpublished_changes=not live,
        first_published_at=began if live else None,
        last_published_at=now if live else None,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("student_entry", "0001_initial"),
        ("home", "0002_notices_guidance_footer_links"),
    ]

    operations = [
        migrations.RunPython(make_notices, migrations.RunPython.noop),
        migrations.RemoveField("studententrypage", "notices"),
    ]
