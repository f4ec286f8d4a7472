"""The floors of the house, complete migrations, tasks that exist: what must hold for the whole of portal/."""

import subprocess
import sys

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from .source import ROOT, modules


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [sys.executable.replace("python", "lint-imports", 1), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_scheduled_task_exists() -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(current_app.tasks) == set()


def test_every_package_is_installed() -> None:
    packages = {module.package for module in modules()} - {"", "settings"}
    assert packages == {app.name.removeprefix("portal.") for app in apps.get_app_configs() if app.name.startswith("portal.")}
