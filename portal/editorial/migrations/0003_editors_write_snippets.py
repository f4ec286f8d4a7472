"""What editors may do with notices, guidance and 使用聲明事項, once: what an administrator changes later stays.

Editors write and hand in; moderators publish. Guidance and declarations are taken off the site, never deleted.
"""

from django.db import migrations

WRITE = ("add", "change")
PUBLISH = (*WRITE, "publish", "lock", "unlock")
# app, model, what it is called, what moderators may do with it
SNIPPETS = [
    ("portal_editorial", "announcement", "公告", (*PUBLISH, "delete")),
    ("portal_editorial", "guidance", "引導文字", PUBLISH),
    ("portal_editorial", "declaration", "使用聲明事項", PUBLISH),
]


def let_editors_write(apps, schema_editor):
    groups = {group.name: group for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"])}
    for app_label, model, name, moderators_may in SNIPPETS:
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app_label, model=model)
        for group, actions in (("Editors", WRITE), ("Moderators", moderators_may)):
            if group in groups:
                groups[group].permissions.add(*(_permission(apps, content_type, f"{action}_{model}", name) for action in actions))
        _approve_first(apps, content_type)


def _permission(apps, content_type, codename, name):
    """Django makes permissions after the last migration; these are asked for before."""
    action = codename.partition("_")[0]
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": f"Can {action} {name}"}
    )
    return found


def _approve_first(apps, content_type):
    """What editors hand in goes the way of their pages: Wagtail's first workflow, approval by moderators."""
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(active=True).order_by("pk").first()
    if workflow:
        apps.get_model("wagtailcore", "WorkflowContentType").objects.get_or_create(
            content_type=content_type, defaults={"workflow": workflow}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("portal_editorial", "0002_declaration_versions_append_only"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(let_editors_write, migrations.RunPython.noop)]
