from django.db import migrations

from portal.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0001_initial")]
    operations = [append_only("portal_accounts_loginattempt", kept=("at", 179))]
