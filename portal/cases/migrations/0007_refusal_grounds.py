"""不予核准原因 as data, and the words that a case was refused with. Editors write and hand in, moderators publish; nobody deletes."""

import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


WRITE = ("add", "change")
PUBLISH = (*WRITE, "publish", "lock", "unlock")
GROUPS = {("Editors", "編輯"): WRITE, ("Moderators", "總編輯"): PUBLISH}  # as Wagtail and as portal.home names them


def let_editors_write(apps, schema_editor):
    """Once: what an administrator changes later stays."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _ = content_types.get_or_create(app_label="portal_cases", model="refusalground")
    for names, actions in GROUPS.items():
        if group := apps.get_model("auth", "Group").objects.filter(name__in=names).first():
            group.permissions.add(*(_permission(apps, content_type, action) for action in actions))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(active=True).order_by("pk").first()
    if workflow:  # what editors hand in goes the way of their pages
        workflows = apps.get_model("wagtailcore", "WorkflowContentType").objects
        workflows.get_or_create(content_type=content_type, defaults={"workflow": workflow})


def _permission(apps, content_type, action):
    """Django makes permissions after the last migration; these are asked for before."""
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{action}_refusalground", defaults={"name": f"Can {action} 不予核准原因"}
    )
    return found


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ('portal_cases', '0006_paper_problems'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='reject_words',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='RefusalGround',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('code', models.SlugField(help_text='統計不予核准原因時使用；發布後請勿更改。', max_length=40, unique=True, verbose_name='代碼')),
                ('label', models.CharField(max_length=120, verbose_name='原因')),
                ('label_en', models.CharField(blank=True, max_length=240, verbose_name='原因（English）')),
                ('label_zh_hans', models.CharField(blank=True, max_length=120, verbose_name='原因（简体中文）')),
                ('law', models.CharField(help_text='條、項、款；法令訂有不予許可期間或例外的，一併寫明。申請人會收到這段文字。', max_length=200, verbose_name='法令依據')),
                ('law_en', models.CharField(blank=True, max_length=500, verbose_name='法令依據（English）')),
                ('law_zh_hans', models.CharField(blank=True, max_length=200, verbose_name='法令依據（简体中文）')),
                ('order', models.PositiveSmallIntegerField(default=100, help_text='數字小的在前。', verbose_name='順序')),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='申請類別')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': '不予核准原因',
                'verbose_name_plural': '不予核准原因',
                'ordering': ['order', 'pk'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.RunPython(let_editors_write, migrations.RunPython.noop),
    ]
