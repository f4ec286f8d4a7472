"""Where applicants' files and issued documents are kept: never under MEDIA_ROOT, never served by address."""

from django.core.files.storage import storages
from django.core.files.storage.base import Storage


def private_storage() -> Storage:
    """The `private` storage; a function, so that migrations name it and settings decide."""
    return storages["private"]
