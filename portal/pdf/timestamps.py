"""Time stamps (RFC 3161) for our signatures: one question, whose answer is taken only if it is about that very question."""

from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from portal.core.outward import by_proxy

TOKEN_MAX: Final = 12 * 1024  # with the service's certificates; so much room is reserved in the file
_TIMEOUT: Final = 5  # seconds
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class Stamper(TimeStamper):
    """Asks the service at an address. Whatever is wrong with it or with its answer raises TimestampRequestError."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            about = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]["hashed_message"].native
            size = len(token.dump())
        # asn1crypto's words for what is no answer, and pyHanko's for one to another question.
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRequestError("the answer is no time stamp") from error
        if about != message_digest:
            raise TimestampRequestError("the time stamp is of something else")
        if size > TOKEN_MAX:
            raise TimestampRequestError(f"the time stamp has {size} bytes")
        return token

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> Any:
        """Blocks: the loop is pyHanko's own, with nothing else in it."""
        request = Request(self.url, req.dump(), {"Content-Type": _QUERY})  # noqa: S310  # our own setting
        try:
            with by_proxy.open(request, timeout=_TIMEOUT) as response:
                kind, answer = response.headers.get_content_type(), response.read(2 * TOKEN_MAX)
        except HTTPError as error:
            error.close()
            raise TimestampRequestError(f"HTTP {error.code}") from error
        except (OSError, HTTPException) as error:
            raise TimestampRequestError(type(error).__name__) from error
        if kind != _REPLY:
            raise TimestampRequestError("the answer is no reply of a time stamp service")
        return tsp.TimeStampResp.load(answer)
