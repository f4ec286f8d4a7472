"""The public address of the site. Settings import this, so it imports nothing of Django's."""

from typing import Final
from urllib.parse import urlsplit

USUAL_PORTS: Final = {"http": 80, "https": 443}
HOW: Final = "write scheme and name only, in lower case, as https://portal.example: no path, no / at the end, no usual port"


def is_origin(url: str) -> bool:
    """Whether it is written as a browser says where a page comes from: addresses are put behind it, hosts compared with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        return False
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in (None, USUAL_PORTS[parts.scheme]) else f":{port}"
    return url.isascii() and url == f"{parts.scheme}://{host}{shown}"
