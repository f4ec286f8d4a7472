"""News of a case for the packages above; sent after commit."""

from django.dispatch import Signal

# 結案: paid, or approved without a fee. Keyword: `case`.
case_completed = Signal()
