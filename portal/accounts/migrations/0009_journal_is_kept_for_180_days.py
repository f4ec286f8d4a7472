"""Lines of 登入紀錄 may be deleted once they are old (accounts.purging); the database still refuses everything else."""

from django.db import migrations

from portal.core.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_more_proof'),
    ]

    operations = [append_only('accounts_loginattempt', kept=('at', 179))]
