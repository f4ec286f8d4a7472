"""Are the fonts of our papers here? A system check at every start."""

from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning

from portal.pdf.characters import missing_families


@register
def fonts_are_there(**kwargs: Any) -> list[CheckMessage]:
    """What no font has is refused when an application is sent: without the first of them, every Chinese word."""
    missing = missing_families()
    said = f"fonts of permits and receipts are not installed: {', '.join(missing)}"
    hint = "install the Debian packages fonts-noto-cjk and fonts-hanazono"
    return [CheckWarning(said, hint=hint, id="downloads.W001")] if missing else []
