"""The headers that every answer carries: a page, a kept page, a file, an error, a redirect; and no answer to a foreign host."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from csp.constants import HEADER, SELF
from csp.middleware import CheckableLazyObject, CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What no page of the portal asks a browser for. A photo taken in `<input type=file>` needs no permission.
DENIED_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY: Final = ", ".join(f"{feature}=()" for feature in DENIED_FEATURES)


class SecurityHeadersMiddleware:
    """The first of all: what the others answer by themselves (static files, redirects, errors) goes out through it too.

    It also turns away who asks for a host that is not ours, before anything is drawn, kept or taken from what is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._answer(request)
        for name, value in _fixed_headers().items():
            response.headers.setdefault(name, value)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost as error:
            answer: HttpResponseBase = response_for_exception(request, error)
            return answer
        return self.get_response(request)


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with a second policy for the admin. What nearly all answers carry is written once: to write it anew takes
    longer than a kept page."""

    kept: tuple[Any, str] = (None, "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _has_a_policy_of_its_own(request, response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy_of_the_site(request, response))
        # As the library does: a nonce that is asked for now is in no header any more.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response

    def _policy_of_the_site(self, request: HttpRequest, response: HttpResponseBase) -> str:
        if self.kept[0] is not settings.CONTENT_SECURITY_POLICY:
            parts = self.get_policy_parts(request, response)
            self.kept = (settings.CONTENT_SECURITY_POLICY, build_policy(**asdict(parts)))
        return self.kept[1]

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        """A view of the admin that may be framed says so by X-Frame-Options, as Wagtail's previews do."""
        parts = super().get_policy_parts(request, response, report_only)
        if report_only or not request.path_info.startswith("/admin/") or parts.config is not None:
            return parts
        parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        if response.headers.get("X-Frame-Options") == "SAMEORIGIN":
            parts.replace = {**(parts.replace or {}), "frame-ancestors": [SELF]}
        return parts


def _has_a_policy_of_its_own(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a view (`_csp_update`, …), a nonce, the admin or the settings ask for more than CONTENT_SECURITY_POLICY."""
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", None)
    is_plain = policy and not policy.get("EXCLUDE_URL_PREFIXES") and not settings.DEBUG
    if not is_plain or getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None):
        return True
    is_asked = any(name.startswith("_csp_") for name in vars(response)) or hasattr(request, "_csp_nonce")
    return is_asked or request.path_info.startswith("/admin/")


def _fixed_headers() -> dict[str, Any]:
    """Those that Django's SecurityMiddleware writes stand here too, for the answers that are made outside of it."""
    return {
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
