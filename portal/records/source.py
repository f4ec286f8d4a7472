"""Which source the settings name."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from .protocol import RecordSource


def get_source() -> RecordSource:
    """The agency's records, from the source that RECORDS_SOURCE names."""
    return cast(RecordSource, import_string(settings.RECORDS_SOURCE)())
