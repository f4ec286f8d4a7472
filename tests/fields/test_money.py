"""Amounts in capital numerals."""

import pytest

from portal.fields.money import capital_amount, law_amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (300, "參佰元整"),
        (1000, "壹仟元整"),
        (1300, "壹仟參佰元整"),
        (1020, "壹仟零貳拾元整"),
        (0, "零元整"),
        (10, "壹拾元整"),
        (1001, "壹仟零壹元整"),
        (20_000, "貳萬元整"),
        (10_001, "壹萬零壹元整"),
        (100_500, "壹拾萬零伍佰元整"),
        (101_000, "壹拾萬壹仟元整"),
        (100_000_001, "壹億零壹元整"),
        (100_001_000, "壹億零壹仟元整"),
        (123_456_789, "壹億貳仟參佰肆拾伍萬陸仟柒佰捌拾玖元整"),
    ],
)
def test_capital_amount(amount: int, written: str) -> None:
    assert capital_amount(amount) == f"新臺幣 {written}"


@pytest.mark.parametrize("amount", [-1, 10**16])
def test_amounts_without_capital_numerals(amount: int) -> None:
    with pytest.raises(ValueError, match="no capital numerals"):
        capital_amount(amount)


@pytest.mark.parametrize(
    ("amount", "written"), [(0, "零"), (300, "三百"), (1000, "一千"), (1020, "一千零二十"), (2600, "二千六百")]
)
def test_law_amount(amount: int, written: str) -> None:
    assert law_amount(amount) == written
