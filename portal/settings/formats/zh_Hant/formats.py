"""Amounts are grouped by thousands, as bills and receipts print them; Django's own Chinese formats group by ten thousands."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","

# One form of date, wherever Django or Wagtail writes one by itself: that of our own pages.
DATE_FORMAT = SHORT_DATE_FORMAT = "Y/m/d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y/m/d H:i"
TIME_FORMAT = "H:i"
