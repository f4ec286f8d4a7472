"""Since when somebody is an administrator; when an address was changed; which address a reset was asked for."""

from django.db import migrations, models
from django.db.models.functions import Coalesce

from portal.core.append_only import append_only


def date_administrators(apps, editor):
    """Those there are have been administrators for as long as we know them."""
    administrators = apps.get_model('accounts', 'User').objects.filter(is_superuser=True)
    administrators.update(administrator_since=Coalesce('activated_at', 'date_joined'))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_journal_is_kept_for_180_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='administrator_since',
            field=models.DateTimeField(blank=True, null=True, verbose_name='成為系統管理人員的時間'),
        ),
        migrations.AddField(
            model_name='user',
            name='email_changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='Email 變更時間'),
        ),
        migrations.AddField(
            model_name='secondfactorreset',
            name='address_digest',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(date_administrators, migrations.RunPython.noop),
        append_only('accounts_secondfactorreset'),
    ]
