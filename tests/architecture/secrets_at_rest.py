"""What a reader of the whole database would find: every table's text, and what is packed in it."""

import binascii
import re
import zlib
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterable, Iterator

from django.db import connection

PACKED = re.compile(r"[A-Za-z0-9+/_-]{16,}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")


def tables_with(secrets: Iterable[str]) -> list[str]:
    """`table: secret` for each secret that stands in a table: in clear, in either case, in hex, in base64, or compressed."""
    wanted = {secret: set(spellings(secret)) for secret in secrets}
    found = []
    for table in tables():
        text = "\n".join(texts_of(table))
        found += [f"{table}: {secret}" for secret, spelled in wanted.items() if any(words in text for words in spelled)]
    return sorted(found)


def spellings(secret: str) -> Iterator[str]:
    """The ways in which a secret may be written; dashes and spaces are for the eye."""
    bare = re.sub("[- ]", "", secret)
    for words in {secret, bare}:
        yield from (words, words.lower(), words.upper(), words.encode().hex())
        yield b64encode(words.encode()).decode().rstrip("=")[:-1]  # whatever comes after it


def tables() -> list[str]:
    return connection.introspection.table_names()


def texts_of(table: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # the database's own name
        for row in cursor.fetchall():
            for value in row:
                yield from readings(value)


def readings(value: object) -> Iterator[str]:
    """The value, and whatever is packed in it."""
    text = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
    yield text
    for run in HEX.findall(text):
        yield bytes.fromhex(run).decode("latin-1")
    for run in PACKED.findall(text):
        yield from _unpacked(run)


def _unpacked(run: str) -> Iterator[str]:
    bare = run.translate(str.maketrans("+/", "-_"))
    try:
        raw = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return
    yield raw.decode("latin-1")
    try:
        yield zlib.decompress(raw).decode("latin-1")
    except zlib.error:
        return
