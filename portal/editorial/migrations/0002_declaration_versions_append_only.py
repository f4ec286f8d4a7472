from django.db import migrations

from portal.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("portal_editorial", "0001_initial")]
    operations = [append_only("portal_editorial_declarationversion")]
