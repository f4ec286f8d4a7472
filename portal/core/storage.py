"""Where files are kept that have no address: applicants', issued documents, editors' documents and originals of pictures."""

from typing import NoReturn

from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.base import Storage


def private_storage() -> Storage:
    """The `private` storage; a function, so that migrations name it and settings decide."""
    return storages["private"]


class PrivateFileSystemStorage(FileSystemStorage):
    """A folder that no web server shows. Django's own would name an address below MEDIA_URL all the same."""

    def url(self, name: str | None) -> NoReturn:
        """There is none: Wagtail knows this answer, and asks its view instead."""
        raise NotImplementedError("a private file has no address")
