"""Questions to servers that are not ours: each answers where it is asked, and what is asked goes nowhere else."""

from typing import Any, Final
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A redirect is no answer."""


# By the proxy of the environment, if the agency's network has one; and straight.
by_proxy: Final = build_opener(_NoRedirect)
straight: Final = build_opener(_NoRedirect, ProxyHandler({}))
