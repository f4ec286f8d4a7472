"""Groups of those who write the pages. Wagtail makes them; migration 0007 names them."""

from typing import Final

EDITORS: Final = "編輯"  # write, and hand in for approval
CHIEF_EDITORS: Final = "總編輯"  # approve and publish
