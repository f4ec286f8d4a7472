"""What the settings must say of the records, asked at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

HTTP = "portal.records.http.HttpSource"
LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@register()
def source_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nobody can register or apply without it."""
    try:
        import_string(settings.RECORDS_SOURCE)
    except ImportError as error:
        return [Error(f"RECORDS_SOURCE names no source of records: {error}", hint="docs/records-service.md", id="records.E003")]
    return []


@register()
def service_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The service has an address and a token; the data of people goes over HTTPS, or stays on this machine."""
    if settings.RECORDS_SOURCE != HTTP:
        return []
    if not (settings.RECORDS_URL and settings.RECORDS_TOKEN):
        return [Error("RECORDS_SOURCE is the service: RECORDS_URL and RECORDS_TOKEN are needed", id="records.E001")]
    if not settings.RECORDS_URL.startswith(("https://", *LOCAL)):
        return [Error("RECORDS_URL must begin with https://", id="records.E002")]
    return []
