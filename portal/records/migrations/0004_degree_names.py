from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_records", "0003_clerks")]

    operations = [
        migrations.AlterField(
            model_name="applicant",
            name="degree",
            field=models.CharField(
                choices=[
                    ("D", "博士班"),
                    ("M", "碩士班"),
                    ("B", "學士班"),
                    ("C", "二年制學士班"),
                    ("2", "二年制副學士班"),
                    ("N", "進修學制碩士班"),
                ],
                max_length=1,
                verbose_name="學制",
            ),
        )
    ]
