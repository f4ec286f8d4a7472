"""Wagtail's two groups, as the staff call them. A name that somebody changed stays, and so does what the groups may do."""

from django.db import migrations

NAMES = {"Editors": "編輯", "Moderators": "總編輯"}


def rename(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for written, ours in NAMES.items():
        if not groups.filter(name=ours).exists():
            groups.filter(name=written).update(name=ours)


def back(apps, schema_editor):
    for written, ours in NAMES.items():
        apps.get_model("auth", "Group").objects.filter(name=ours).update(name=written)


class Migration(migrations.Migration):
    # After all that look for the groups by Wagtail's names.
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("portal_cases", "0003_added_slots"),
        ("portal_editorial", "0003_editors_write_snippets"),
        ("portal_home", "0002_wagtails_own_rows_in_chinese"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0002_initial_data"),
        ("wagtailimages", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(rename, back)]
