"""docs/install-into-a-site.md, followed in a new environment: the wheel has all its parts, and an application goes through."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.addon import build
from tests.addon.conftest import Site
from tests.addon.page import ROOT

pytestmark = [pytest.mark.wheel, pytest.mark.slow]


def test_wheel_has_templates_static_files_catalogues_data_and_migrations(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    beside = {f"portal/core/{path.relative_to(ROOT)}" for name in ("templates", "static") for path in _files(ROOT / name)}
    catalogues = {f"portal/core/{path.relative_to(ROOT).with_suffix('.mo')}" for path in ROOT.glob("locale/*/LC_MESSAGES/*.po")}
    own = {str(path.relative_to(ROOT)) for path in _files(ROOT / "portal")}
    assert beside | catalogues | own <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"portal"}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def test_application_goes_through_on_a_new_site(site: Site, address: str, visitors: Path) -> None:
    env = {**site.env, "DJANGO_SETTINGS_MODULE": "mysite.settings.dev", "PYTHONPATH": f"{site.folder}:{visitors}"}
    script = visitors / "tests/addon/visitor.py"
    printed = build.run(site.python, str(script), str(visitors), address, cwd=site.folder, env=env)
    said = json.loads(printed.splitlines()[-1])
    assert Path(said["portal"]).is_relative_to(site.python.parent.parent)
    assert said["titles"] == {
        "zh-hant": ["zh-Hant-TW", "學生自行申請線上申辦系統"],
        "en": ["en", "Online applications for students"],
        "zh-hans": ["zh-Hans", "学生自行申请线上申办系统"],
    }
    assert 'class="field' not in said["form"]  # the site's own forms stay as they were
    assert said["case"].isdigit()
    assert len(said["case"]) == 12


def test_page_leaves_nothing_to_say_but_how_people_pay(site: Site) -> None:
    assert re.findall(r"\((\w+\.[EWI]\d+)\)", site.said["check"]) == ["portal.I021"]
    assert "admin01 sets the password and the authenticator within 72 hours at" in site.said["create_administrator"]


def test_site_that_only_installed_the_apps_is_asked_for_the_rest(site: Site) -> None:
    """Its own model of users among it: named, with a hint, where a traceback would tell nothing."""
    settings = site.folder / "mysite/settings"
    own, _portals = (settings / "base.py").read_text().split("from portal.settings.addon import *")
    apps = "from portal.settings.addon import portal_apps\nINSTALLED_APPS = portal_apps(INSTALLED_APPS)\n"
    (settings / "bare.py").write_text(f"{own}\n{apps}SECRET_KEY = 'a' * 50\n")
    checked = site.manage("check", DJANGO_SETTINGS_MODULE="mysite.settings.bare")
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    assert "(portal.E010) the portal's accounts are portal_accounts.User, not auth.User" in checked.stderr
    notified = set(re.findall(r"\(portal\.([EWI]\d+)\)", checked.stderr))
    assert notified == {"E010", "E011", "E015", "E018", "E019", "E020", "E022", "E026", "I021", "W022"}
