"""A question to a gateway over HTTP: one POST, no redirect, a bounded answer."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import OpenerDirector, Request

from portal.core.outward import by_proxy
from portal.payments.protocol import Unavailable

TIMEOUT: Final = 3  # seconds; a student is waiting
ANSWER_MAX: Final = 64 * 1024
FORBIDDEN: Final = 403


class Forbidden(Unavailable):
    """403: asked too often, or not welcome."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, opener: OpenerDirector = by_proxy
) -> tuple[bytes, Mapping[str, str]]:
    """The answer's body and headers. Raises Unavailable for anything but 200."""
    request = Request(url, body, dict(headers))  # noqa: S310 -- our own setting
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            if response.status != 200:
                raise Unavailable(f"HTTP {response.status}")
            return response.read(ANSWER_MAX), response.headers
    except HTTPError as error:
        error.close()
        raise (Forbidden if error.code == FORBIDDEN else Unavailable)(str(error)) from error
    except (OSError, HTTPException) as error:
        raise Unavailable(str(error)) from error
