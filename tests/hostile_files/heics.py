"""HEIC files made of boxes alone: by name, each a function that makes the file's name and bytes, and why it is refused."""

import struct
from collections.abc import Callable

from portal.uploads.decoder.problems import Reason

Made = tuple[str, bytes]


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


HEAD = box(b"ftyp", b"heic\0\0\0\0mif1heic")


def meta(*boxes: bytes) -> bytes:
    return HEAD + box(b"meta", bytes(4) + b"".join(boxes))


PRIMARY = box(b"pitm", bytes(4) + b"\0\1")
ITEM = box(b"infe", b"\2\0\0\0\0\1\0\0hvc1\0")
ITEMS = box(b"iinf", bytes(4) + b"\0\1" + ITEM)
SIZE = box(b"ispe", bytes(4) + struct.pack(">II", 64, 64))


def properties(*boxes: bytes) -> bytes:
    return box(b"iprp", box(b"ipco", b"".join(boxes)))


def bomb(content: bytes) -> Made:
    return "bomb.heic", content


HEADS: dict[str, tuple[Callable[[], Made], Reason]] = {
    "a head and nothing more": (lambda: bomb(HEAD), Reason.DAMAGED),
    "no items": (lambda: bomb(meta(PRIMARY, properties(SIZE))), Reason.DAMAGED),
    "no sizes": (lambda: bomb(meta(PRIMARY, ITEMS, properties())), Reason.DAMAGED),
    "a size cut short": (lambda: bomb(meta(PRIMARY, ITEMS, properties(box(b"ispe", b"\0")))), Reason.DAMAGED),
    "another first item": (lambda: bomb(meta(box(b"pitm", bytes(4) + b"\0\2"), ITEMS, properties(SIZE))), Reason.DAMAGED),
    "two of the first item": (
        lambda: bomb(meta(PRIMARY, box(b"iinf", bytes(4) + b"\0\2" + ITEM * 2), properties(SIZE))),
        Reason.DAMAGED,
    ),
    "two metas": (lambda: bomb(meta(PRIMARY, ITEMS, properties(SIZE)) + meta()[len(HEAD) :]), Reason.DAMAGED),
    "60000 items": (lambda: bomb(meta(PRIMARY, box(b"iinf", bytes(4) + b"\xff\0" + ITEM), properties(SIZE))), Reason.TOO_COMPLEX),
    "a million boxes": (lambda: bomb(HEAD + box(b"free", b"") * 1_000_000), Reason.TOO_COMPLEX),
    "a million properties": (lambda: bomb(meta(PRIMARY, ITEMS, properties(box(b"free", b"") * 500_000))), Reason.TOO_COMPLEX),
    "a box longer than its box": (lambda: bomb(meta(PRIMARY, ITEMS, box(b"iprp", b"\x7f\0\0\0ipco"))), Reason.DAMAGED),
    "a box of no length": (lambda: bomb(HEAD + b"\0\0\0\4meta" + bytes(99)), Reason.DAMAGED),
    "a box of sixteen exabytes": (lambda: bomb(HEAD + b"\0\0\0\1meta" + b"\xff" * 8 + bytes(99)), Reason.DAMAGED),
    "a long box cut short": (lambda: bomb(HEAD + b"\0\0\0\1meta\0\0"), Reason.DAMAGED),
    "an endless meta": (lambda: bomb(HEAD + box(b"meta", bytes(5 << 20))), Reason.TOO_COMPLEX),
}
