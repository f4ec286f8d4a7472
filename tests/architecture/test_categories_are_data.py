"""Shared code names no category of students: another one comes by adding one folder."""

import ast
from collections.abc import Iterator

import pytest

from .source import ROOT, Module, docstrings, modules

PACKS = {"china_student", "hk_macau_student"}
# The bank is not ours; settings list what is installed.
NOT_SHARED = PACKS | {"sandbank", "settings"}
FORBIDDEN = ("陸生", "大陸", "china", "mainland", "港澳", "僑生", "hk_macau", "hk-macau")
# Names of papers, as printed on them: the agency's records hold them for everybody, whatever the category. And the state's own.
ALLOWED = ("大陸居民往來台灣通行證", "大陸居民身分證", "Republic of China")

SHARED = [module for module in modules() if module.package not in NOT_SHARED]


def words(module: Module) -> Iterator[tuple[int, str]]:
    """Every identifier and every string of the code, docstrings left out."""
    prose = docstrings(module.tree)
    for node in ast.walk(module.tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            yield line, node.value
        for field in ("id", "attr", "name", "arg", "module", "asname"):
            if isinstance(word := getattr(node, field, None), str):
                yield line, word


def named(text: str) -> bool:
    for name in ALLOWED:
        text = text.replace(name, "")
    return any(word in text.lower() for word in FORBIDDEN)


@pytest.mark.parametrize("module", SHARED, ids=lambda module: module.name)
def test_no_category_is_named_in_shared_code(module: Module) -> None:
    assert [(line, text) for line, text in words(module) if named(text)] == []


def test_no_category_is_named_in_shared_templates() -> None:
    shared = [
        path for path in sorted((ROOT / "templates").rglob("*.*")) if not {*PACKS, "sandbank"} & set(path.relative_to(ROOT).parts)
    ]
    assert shared
    assert [str(path.relative_to(ROOT)) for path in shared if named(path.read_text())] == []


def test_the_test_sees_a_category_where_there_is_one() -> None:
    pack = next(module for module in modules() if module.name == "portal.china_student.category")
    assert {text for _, text in words(pack) if named(text)} >= {"china-student", "陸生", "大陸學生", "CHINA_STUDENT"}
