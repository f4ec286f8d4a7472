"""A new version of a package may bring new words: each of them has one in Traditional Chinese, here or in the package."""

import gettext
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils.translation.trans_real import DjangoTranslation, translation


def words_of(source: Path, scratch: Path) -> set[str]:
    """Every msgid of a .po file, with its context as gettext's catalogs write it."""
    with (scratch / "filled.po").open("wb") as filled:
        subprocess.run(["msgen", "--lang=en", source], stdout=filled, check=True)
    subprocess.run(["msgfmt", "-o", scratch / "filled.mo", scratch / "filled.po"], check=True)
    with (scratch / "filled.mo").open("rb") as compiled:
        return _msgids(gettext.GNUTranslations(compiled)._catalog)  # type: ignore[attr-defined]


def _msgids(catalog: Any) -> set[str]:
    return {key if isinstance(key, str) else key[0] for key, _ in catalog.items()} - {""}


def installed(domain: str) -> list[Any]:
    """For each installed package that is not ours: the .po file in which its words stand, English or another language's."""
    found = []
    for app in apps.get_app_configs():
        files = sorted(Path(app.path).glob(f"locale/*/LC_MESSAGES/{domain}.po"), key=lambda file: file.parts[-3] != "en")
        if files and not app.name.startswith("portal."):
            found.append(pytest.param(files[0], id=app.name))
    return found


@pytest.mark.parametrize("source", installed("django"))
def test_each_word_of_an_installed_package_has_a_chinese_one(source: Path, tmp_path: Path) -> None:
    """What is missing belongs into locale/zh_Hant/LC_MESSAGES/django.po."""
    assert words_of(source, tmp_path) - _msgids(translation("zh-hant")._catalog) == set()


@pytest.mark.parametrize("source", installed("djangojs"))
def test_each_word_of_an_installed_packages_scripts_has_a_chinese_one(source: Path, tmp_path: Path) -> None:
    """What is missing belongs into locale/zh_Hant/LC_MESSAGES/djangojs.po."""
    chinese = DjangoTranslation("zh-hant", domain="djangojs", localedirs=[str(source.parents[2])])
    assert words_of(source, tmp_path) - _msgids(chinese._catalog) == set()


def test_a_word_without_a_chinese_one_would_be_found(tmp_path: Path) -> None:
    source = tmp_path / "new.po"
    source.write_text(
        'msgid "Publish"\nmsgstr ""\n\nmsgctxt "verb"\nmsgid "Teleport"\nmsgid_plural "Teleports"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    assert words_of(source, tmp_path) - _msgids(translation("zh-hant")._catalog) == {"verb\x04Teleport"}
