"""Are the fonts of our papers here? A system check at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning

from portal.pdf import signing_keys
from portal.pdf.characters import missing_families


@register(deploy=True)
def papers_can_be_signed(**kwargs: Any) -> list[CheckMessage]:
    """Without a signer no permit and no receipt is made."""
    wrong = "" if settings.DEMO else signing_keys.weakness(settings.DOCUMENT_SIGNER)
    said = f"permits and receipts cannot be signed with DOCUMENT_SIGNER: {wrong}"
    hint = "docs/adr/0035-papers-are-signed.md says what it is"
    return [CheckWarning(said, hint=hint, id="downloads.W002")] if wrong else []


@register(deploy=True)
def earlier_papers_can_be_verified(**kwargs: Any) -> list[CheckMessage]:
    """Whoever verifies a paper is compared with all certificates that ever signed."""
    wrong = signing_keys.unreadable_before(settings.DOCUMENT_SIGNERS_BEFORE)
    said = f"no paper can be verified with DOCUMENT_SIGNERS_BEFORE: {wrong}"
    hint = "docs/adr/0035-papers-are-signed.md says what it is"
    return [CheckWarning(said, hint=hint, id="downloads.W003")] if wrong else []


@register
def fonts_are_there(**kwargs: Any) -> list[CheckMessage]:
    """What no font has is refused when an application is sent: without the first of them, every Chinese word."""
    missing = missing_families()
    said = f"fonts of permits and receipts are not installed: {', '.join(missing)}"
    hint = "install the Debian packages fonts-noto-cjk and fonts-hanazono"
    return [CheckWarning(said, hint=hint, id="downloads.W001")] if missing else []
