"""加附文件, and what a case keeps of 應檢附文件. Editors write and hand in, moderators publish; nobody deletes."""

import django.core.validators
import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

WRITE = ("add", "change")
PUBLISH = (*WRITE, "publish", "lock", "unlock")


def let_editors_add(apps, schema_editor):
    """Once: what an administrator changes later stays."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _ = content_types.get_or_create(app_label="portal_cases", model="addedslot")
    for name, actions in (("Editors", WRITE), ("Moderators", PUBLISH)):
        if group := apps.get_model("auth", "Group").objects.filter(name=name).first():
            group.permissions.add(*(_permission(apps, content_type, action) for action in actions))
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(active=True).order_by("pk").first()
    if workflow:  # what editors hand in goes the way of their pages
        workflows = apps.get_model("wagtailcore", "WorkflowContentType").objects
        workflows.get_or_create(content_type=content_type, defaults={"workflow": workflow})


def _permission(apps, content_type, action):
    """Django makes permissions after the last migration; these are asked for before."""
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{action}_addedslot", defaults={"name": f"Can {action} 加附文件"}
    )
    return found


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ('portal_cases', '0002_events_append_only'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='slots',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='AddedSlot',
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
                ('label', models.CharField(max_length=60, verbose_name='文件名稱')),
                ('label_en', models.CharField(blank=True, max_length=120, verbose_name='文件名稱（English）')),
                ('label_zh_hans', models.CharField(blank=True, max_length=60, verbose_name='文件名稱（简体中文）')),
                ('help', models.CharField(blank=True, help_text='文件的格式，或由誰開立；顯示在文件名稱下方。', max_length=200, verbose_name='說明')),
                ('help_en', models.CharField(blank=True, max_length=400, verbose_name='說明（English）')),
                ('help_zh_hans', models.CharField(blank=True, max_length=200, verbose_name='說明（简体中文）')),
                ('required', models.BooleanField(default=True, help_text='未上傳必備文件，不能送出申請。', verbose_name='必備')),
                ('max_files', models.PositiveSmallIntegerField(default=2, help_text='1 至 5 個。', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='檔案數上限')),
                ('starts_on', models.DateField(blank=True, help_text='從這一天起請申請人檢附；不填則發布後立即開始。', null=True, verbose_name='開始日')),
                ('ends_on', models.DateField(blank=True, help_text='到這一天為止（含當日）；不填則沒有期限。', null=True, verbose_name='結束日')),
                ('kinds', models.JSONField(default=list, verbose_name='申請類別')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': '加附文件',
                'verbose_name_plural': '加附文件',
                'ordering': ['pk'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.RunPython(let_editors_add, migrations.RunPython.noop),
    ]
