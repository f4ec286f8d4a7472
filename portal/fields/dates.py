"""Dates as official papers write them (民國)."""

from datetime import date


def roc_year(day: date) -> int:
    """民國 year."""
    return day.year - 1911


def roc_date_long(day: date) -> str:
    """中華民國115年11月23日"""
    return f"中華民國{roc_year(day)}年{day.month}月{day.day}日"
