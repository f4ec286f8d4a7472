"""Bad visitors, in a process of their own: `python -m tests.bench.slow KIND PORT COUNT SECONDS` prints what became of them.

Each of ten source addresses of loopback is a network of its own, as ten schools are. Everything ends after SECONDS.
"""

import asyncio
import contextlib
import json
import ssl
import sys
import time

from tests.bench.nginx import HOST

SOURCES = [f"127.0.0.{number}" for number in range(20, 30)]
UPLOAD = "/china-student/individual/apply/multiple-entry/Zk3pQ9sT7vXyA1bC2dE4fG5hJ6kL8mN0/form/"
# Nobody is logged in by it; the front only looks whether there is one.
COOKIE = "Cookie: __Host-sessionid=0123456789abcdefghijklmnopqrstuv\r\n"
BIG = 200 * 1024 * 1024


def _context() -> ssl.SSLContext:
    """TLS without asking who signed: the certificate is the bench's own."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


CONTEXT = _context()


async def connect(port: int, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    source = (SOURCES[number % len(SOURCES)], 0)
    return await asyncio.open_connection("127.0.0.1", port, ssl=CONTEXT, server_hostname=HOST, local_addr=source)


async def drip(port: int, number: int, until: float, line: str, rest: str, drop: bytes) -> str:
    """Begin a request and send a little of it a second, until we end or are ended."""
    reader, writer = await connect(port, number)
    # Long enough to be cut off, also for who got through late.
    until = max(until, time.monotonic() + 13)
    ended = asyncio.ensure_future(reader.read())
    writer.write(f"{line} HTTP/1.1\r\nHost: {HOST}\r\n{rest}".encode())
    while time.monotonic() < until and not ended.done():
        writer.write(drop)
        await asyncio.wait([ended], timeout=1)
    if not ended.done():
        ended.cancel()
        return "held"
    ended.exception()  # a reset is an end too
    return "cut off"


async def headers(port: int, number: int, until: float) -> str:
    """A request whose headers never end."""
    return await drip(port, number, until, "GET /", "", b"X-A: b\r\n")


async def bodies(port: int, number: int, until: float) -> str:
    """A body of a megabyte, a few bytes a second."""
    return await drip(port, number, until, f"POST {UPLOAD}", f"{COOKIE}Content-Length: 1000000\r\n\r\n", b"a")


async def large(port: int, number: int, until: float) -> str:
    """200 MB: announced to a page without uploads, or in unannounced pieces to one with; until somebody says no."""
    reader, writer = await connect(port, number)
    chunked = number % 2
    path, length = (UPLOAD, "Transfer-Encoding: chunked") if chunked else ("/verify/", f"Content-Length: {BIG}")
    writer.write(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{COOKIE}{length}\r\n\r\n".encode())
    block, sent = b"a" * 65536, 0
    answer = asyncio.ensure_future(reader.readline())
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while sent < BIG and not answer.done() and time.monotonic() < until:
            writer.write(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block)
            await writer.drain()
            sent += len(block)
            await asyncio.sleep(0)
    line = await asyncio.wait_for(answer, 10)
    return (line.split(b" ")[1:2] or [b"cut off"])[0].decode()


async def one(kind: str, port: int, number: int, until: float) -> str:
    try:
        return await {"headers": headers, "bodies": bodies, "large": large}[kind](port, number, until)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return "cut off"


async def run(kind: str, port: int, count: int, seconds: float) -> dict[str, int]:
    until = time.monotonic() + seconds
    ends = await asyncio.gather(*(one(kind, port, number, until) for number in range(count)))
    return {end: ends.count(end) for end in sorted(set(ends))}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))))
