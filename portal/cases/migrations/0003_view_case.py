from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_events_append_only")]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "default_permissions": (),
                "ordering": ["-submitted_at", "-id"],
                "permissions": [("review_case", "審核案件"), ("view_case", "查閱案件")],
                "verbose_name": "案件",
                "verbose_name_plural": "案件",
            },
        ),
    ]
