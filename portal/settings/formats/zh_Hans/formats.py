"""Amounts are grouped by thousands, as bills and receipts print them; Django's own Chinese formats group by ten thousands."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
