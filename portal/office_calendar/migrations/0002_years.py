"""A new database knows the calendars that come with the portal; `import_office_calendar` brings the others."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations
from django.utils import timezone

DATA = Path(__file__).resolve().parents[1] / "data"
SATURDAY = 5


def add_years(apps, schema_editor):
    OfficeYear = apps.get_model("portal_office_calendar", "OfficeYear")
    OfficeDay = apps.get_model("portal_office_calendar", "OfficeDay")
    using = schema_editor.connection.alias
    for path in sorted(DATA.glob("*.csv")):
        year = OfficeYear.objects.using(using).create(year=int(path.stem), imported_at=timezone.now())
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                (date.fromisoformat(row["西元日期"]), row["是否放假"] == "2", row["備註"]) for row in csv.DictReader(file)
            ]
        OfficeDay.objects.using(using).bulk_create(
            OfficeDay(day=day, year=year, is_holiday=is_holiday, name=name)
            for day, is_holiday, name in rows
            if is_holiday is (day.weekday() < SATURDAY)
        )


class Migration(migrations.Migration):
    dependencies = [("portal_office_calendar", "0001_initial")]
    operations = [migrations.RunPython(add_years, migrations.RunPython.noop)]
