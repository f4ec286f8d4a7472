"""What Wagtail's migrations wrote in English, and editors read: two pages, the root collection, the first workflow and its task."""

from django.db import migrations

# model, field -> what Wagtail wrote, what it is here
NAMES = [
    ("Page", "title", "Root", "根目錄"),
    ("Page", "draft_title", "Root", "根目錄"),
    ("Page", "title", "Welcome to your new Wagtail site!", "歡迎頁"),  # soon deleted; the site's history tells of it
    ("Page", "draft_title", "Welcome to your new Wagtail site!", "歡迎頁"),
    ("Collection", "name", "Root", "根集合"),
    ("Workflow", "name", "Moderators approval", "發布前審核"),
    ("Task", "name", "Moderators approval", "發布前審核"),
]


def rename(apps, schema_editor):
    """A name that somebody changed stays."""
    for model, field, written, ours in NAMES:
        apps.get_model("wagtailcore", model).objects.filter(**{field: written}).update(**{field: ours})


class Migration(migrations.Migration):
    dependencies = [("portal_home", "0001_initial")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
