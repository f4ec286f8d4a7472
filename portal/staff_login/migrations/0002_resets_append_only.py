from django.db import migrations

from portal.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("portal_staff_login", "0001_initial")]
    operations = [append_only("portal_staff_login_secondfactorreset")]
