"""The layers, complete migrations, tasks that exist: what must hold for the whole of portal/."""

import os
import subprocess
import sys

from celery import current_app
from django.apps import apps
from django.conf import settings

from .source import ROOT, modules


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [sys.executable.replace("python", "lint-imports", 1), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


def test_the_migrations_are_complete() -> None:
    """In a process of its own: other tests add models of theirs to this one."""
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "No changes detected\n"), run.stderr


def test_every_scheduled_task_exists() -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(current_app.tasks) == set()


def test_every_package_is_installed() -> None:
    packages = {module.package for module in modules()} - {
        "",
        "settings",
        "fields",
        "pdf",
    }  # the last two have nothing to install
    assert packages == {app.name.removeprefix("portal.") for app in apps.get_app_configs() if app.name.startswith("portal.")}


def test_no_package_has_more_than_twenty_modules_on_one_level() -> None:
    folders = {path.parent for path in (ROOT / "portal").rglob("*.py") if "migrations" not in path.parts}
    sizes = {str(folder.relative_to(ROOT)): len([*folder.glob("*.py")]) - (folder / "__init__.py").exists() for folder in folders}
    assert {folder: size for folder, size in sizes.items() if size > 20} == {}


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    """Settings are one list, and seeded texts are texts."""
    files = [path for path in (ROOT / "portal").rglob("*.py") if not {"migrations", "settings"} & set(path.parts)]
    assert [str(path) for path in files if path.read_text().count("\n") > 400] == []
