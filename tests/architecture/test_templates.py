"""Templates stand on the same lines as packages: none reaches for a tag or a template of a package above its own."""

import re
import tomllib
from pathlib import Path

import pytest
from django.template import engines

from .source import ROOT

TEMPLATES = ROOT / "templates"
# Frames and parts that every page shares stand with the words of editors; so do pages of failure.
SHARED = "editorial"
LOAD = re.compile(r"{%-?\s*load\s+([^%]+?)\s*%}")
NAMED = re.compile(r"""{%-?\s*(?:extends|include|translate_template)\s+["']portal/([^"'{]+)["']""")


def lines() -> dict[str, int]:
    """How high each package stands, by the contract of imports: 0 is the ground."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return {package.strip(): height for height, line in enumerate(reversed(layers)) for package in line.split("|")}


def package_of(template: str) -> str:
    """`forms` for forms/check.html below templates/portal/; folders that are no package are everybody's."""
    folder = template.partition("/")[0] if "/" in template else ""
    return FOLDERS.get(folder, folder if folder in lines() else SHARED)


# The pages of staff's second factor and of their accounts.
FOLDERS = {"staff": "staff_login"}
OURS = sorted(path for path in TEMPLATES.rglob("*.*") if path.suffix in {".html", ".txt"})


def libraries() -> dict[str, str]:
    """Each of our tag libraries and its package."""
    found = engines["django"].engine.libraries  # type: ignore[attr-defined]
    return {name: module.split(".")[1] for name, module in found.items() if module.startswith("portal.")}


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_reaches_above_its_package(path: Path) -> None:
    height, source = lines(), path.read_text()
    here = package_of(str(path.relative_to(TEMPLATES)).removeprefix("portal/"))
    tags = {library: libraries()[library] for load in LOAD.findall(source) for library in load.split() if library in libraries()}
    parts = {named: package_of(named) for named in NAMED.findall(source)}
    assert {name: package for name, package in (tags | parts).items() if height[package] > height[here]} == {}


def unused(source: str) -> list[str]:
    """The libraries that are loaded there and give nothing to it."""
    tags = set(re.findall(r"{%-?\s*(\w+)", source))
    filters = set(re.findall(r"(?:\||{%-?\s*filter)\s*(\w+)", source))
    loaded = [name for load in LOAD.findall(source) if " from " not in load for name in load.split()]
    known = engines["django"].engine.template_libraries  # type: ignore[attr-defined]
    return [name for name in loaded if not known[name].tags.keys() & tags and not known[name].filters.keys() & filters]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_library_that_is_loaded_is_used(path: Path) -> None:
    assert unused(path.read_text()) == []


def test_control_a_library_that_is_not_used_is_found() -> None:
    assert unused('{% load i18n humanize %}{% translate "是" %}') == ["humanize"]


def test_every_library_of_tags_is_known_by_its_package() -> None:
    known = {"accounts": "accounts", "admin_words": "cms", "cases": "cases", "editorial": "editorial"}
    assert libraries() == known | {
        "languages": "cms",
        "options": "core",
        "page_admin": "cms",
        "review": "review",
        "typed": "core",
        "uploading": "forms",
        "wording": "core",
    }


def test_the_test_sees_a_tag_from_above() -> None:
    assert package_of("accounts/login.html") == "accounts"
    assert package_of("components/steps.html") == package_of("base.html") == SHARED
    assert lines()["cases"] > lines()["accounts"] > lines()[SHARED] > lines()["core"]
