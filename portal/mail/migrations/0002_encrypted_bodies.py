"""A letter that waits is encrypted; of one that is sent or given up the text goes (a demonstration keeps it, encrypted)."""

from django.conf import settings
from django.db import migrations

from portal.core import encryption
from portal.core.encrypted_fields import EncryptedTextField


def encrypt_or_erase(apps, schema_editor):
    letters = apps.get_model("mail", "OutgoingMail").objects
    if not settings.DEMO:
        letters.exclude(state="queued").update(body="")
    for pk, message_id, body in letters.exclude(body="").values_list("pk", "message_id", "body").iterator():
        context = f"mail.outgoingmail.body:{message_id}"
        letters.filter(pk=pk).update(body=encryption.encrypt(body, context=context))


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.RunPython(encrypt_or_erase),
        migrations.AlterField(
            model_name="outgoingmail",
            name="body",
            field=EncryptedTextField("內文", bound_to="message_id", editable=False, serialize=False),
        ),
    ]
