"""A new database knows the schools of the Ministry of Education's open data; `import_schools` brings newer ones."""

import csv
from pathlib import Path

from django.db import migrations

SCHOOLS = Path(__file__).resolve().parents[1] / "data" / "schools.csv"


def add_schools(apps, schema_editor):
    School = apps.get_model("portal_records", "School")
    with SCHOOLS.open(encoding="utf-8", newline="") as file:
        schools = [School(**row) for row in csv.DictReader(file)]
    School.objects.using(schema_editor.connection.alias).bulk_create(schools, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("portal_records", "0001_initial")]
    operations = [migrations.RunPython(add_schools, migrations.RunPython.noop)]
