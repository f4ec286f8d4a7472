"""Nothing that somebody typed is computed by a spreadsheet program, in whichever list it is exported."""

import ast

import pytest

from portal.fields.spreadsheets import FORMULA, as_csv, cell
from tests.architecture.source import modules


@pytest.mark.parametrize("sign", FORMULA)
def test_what_would_be_computed_is_text(sign: str) -> None:
    assert cell(f"{sign}1+1") == f"'{sign}1+1"
    assert as_csv([[f"{sign}1", -5, "a,b"]]).decode("utf-8-sig") in {f'\'{sign}1,-5,"a,b"\r\n', f'"\'{sign}1",-5,"a,b"\r\n'}


def test_the_mark_by_which_excel_knows_utf_8() -> None:
    assert as_csv([["收件號"]]) == b"\xef\xbb\xbf" + "收件號\r\n".encode()


def test_nobody_else_writes_csv() -> None:
    writing = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"} and getattr(node.value, "id", "") == "csv"
    }
    # The demonstration's bank is not ours and imports nothing of ours; its 對帳檔 has codes and sums, nothing typed.
    assert writing == {"portal.fields.spreadsheets", "portal.sandbank.settlement"}
