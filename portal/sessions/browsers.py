"""Which browser that was, in two words."""

import re

# The first that is found: most browsers also name those that they resemble.
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Line/", "LINE"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def plain(agent: str) -> str:
    """`Chrome・Windows`; "" of a browser that does not say."""
    return "・".join(filter(None, (_first(BROWSERS, agent), _first(SYSTEMS, agent))))


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if re.search(mark, agent)), "")
