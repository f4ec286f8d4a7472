"""Sessions by a digest of their key, authenticators with an encrypted one.

Every log-in ends: the rows held the keys themselves. Authenticators go on: their keys move, encrypted, out of django-otp's
table, which is empty from then on. There is no way back that would not write the keys in clear again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.encrypted_fields import EncryptedTextField

KEPT = ["user_id", "name", "key", "drift", "last_t", "confirmed", "created_at", "last_used_at"]
KEPT += ["throttling_failure_timestamp", "throttling_failure_count"]


def end_sessions(apps, schema_editor):
    apps.get_model("accounts", "AccountSession").objects.all().delete()
    apps.get_model("sessions", "Session").objects.all().delete()  # Django's own, from before there was ours


def move_authenticators(apps, schema_editor):
    plain, encrypted = apps.get_model("otp_totp", "TOTPDevice"), apps.get_model("accounts", "Authenticator")
    for values in plain.objects.order_by("pk").values(*KEPT):
        row = encrypted.objects.create(**values)
        encrypted.objects.filter(pk=row.pk).update(created_at=values["created_at"])
    plain.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_sessions_and_email_changes"),
        ("otp_totp", "0003_add_timestamps"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="accountsession",
            name="session_data",
            field=EncryptedTextField(bound_to="session_key", serialize=False),
        ),
        migrations.AlterField(
            model_name="accountsession",
            name="session_key",
            field=models.CharField(max_length=64, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                ("throttling_failure_timestamp", models.DateTimeField(blank=True, default=None, help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.", null=True)),
                ("throttling_failure_count", models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts.")),
                ("created_at", models.DateTimeField(auto_now_add=True, help_text="The date and time when this device was initially created in the system.", null=True)),
                ("last_used_at", models.DateTimeField(blank=True, help_text="The most recent date and time this device was used.", null=True)),
                ("key", EncryptedTextField(bound_to="user", editable=False, serialize=False)),
                ("drift", models.SmallIntegerField(default=0)),
                ("last_t", models.BigIntegerField(default=-1)),
                ("user", models.ForeignKey(help_text="The user that this device belongs to.", on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "驗證器", "verbose_name_plural": "驗證器"},
        ),
        migrations.RunPython(move_authenticators),
    ]
