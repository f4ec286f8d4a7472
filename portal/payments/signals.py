"""News of money for the packages above; sent after commit."""

from django.dispatch import Signal

# 收據 is there. Keyword: `receipt`.
receipt_created = Signal()
