"""JSON from a stranger: flat, each key once, numbers that are numbers. Whatever else comes is a ValueError, never a crash."""

import json
from typing import Any, Final, NoReturn

# A gateway's message is an object of values; Python's own parser recurses until it fails.
DEPTH_MAX: Final = 8
_QUOTE: Final = ord('"')
_BACKSLASH: Final = ord("\\")


def loads(body: bytes) -> dict[str, Any]:
    """The object that is written there. Raises ValueError."""
    if _depth(body) > DEPTH_MAX:
        raise ValueError("nested too deeply")
    data = json.loads(body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_no_constant)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _depth(body: bytes) -> int:
    """The most brackets that are open at once, outside of strings; read once from front to end."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            in_string = escaped or byte != _QUOTE
            escaped = not escaped and byte == _BACKSLASH
        elif byte == _QUOTE:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("repeated key")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
