"""News of the records, inside the transaction of what changed."""

from django.dispatch import Signal

# A clerk put a person's record right: `category`, `ui_no`, and `changes`, column by column, as text.
record_corrected = Signal()
