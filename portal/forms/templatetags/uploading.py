"""What upload.js has to say, once a page."""

from typing import Any

from django import template
from django.conf import settings

from portal.uploads.file_problems import MESSAGES, FileProblem

register = template.Library()


@register.inclusion_tag("portal/forms/uploading.html")
def uploading() -> dict[str, Any]:
    """The scripts that send files at once, the limits they keep to, and their words."""
    return {
        "most": {"picture": settings.UPLOAD_PICTURE_BYTES, "pdf": settings.UPLOAD_MAX_BYTES},
        "too_big": MESSAGES[FileProblem.TOO_BIG],
        "failed": MESSAGES[FileProblem.UPLOAD_FAILED],
    }
