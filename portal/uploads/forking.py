"""Decoding processes, got from a server that this process starts, at the latest with its first file, and that ends with it."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

# Not `-m`: the package `portal` starts Celery and Django, and the decoder wants neither.
PROGRAM: Final = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); from decoder.server import serve; serve()"
_lock = threading.Lock()
_server: "DecoderServer | None" = None


class DecoderServer:
    """A server that runs `program`. To be closed."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own constants
                [sys.executable, "-I", "-c", program],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            )

    def start(self, order: Mapping[str, Any], held: int) -> tuple[int, socket.socket]:
        """Have the file behind that descriptor decoded: where the answer comes, and the leash. Raises OSError."""
        with ExitStack() as ours, ExitStack() as theirs:
            answer, output = os.pipe()
            ours.callback(os.close, answer)
            theirs.callback(os.close, output)
            leash, end = socket.socketpair()
            ours.callback(leash.close)
            theirs.callback(end.close)
            socket.send_fds(self._orders, [json.dumps(order).encode()], [held, output, end.fileno()])
            ours.pop_all()  # whoever asked closes them
        return answer, leash

    def close(self) -> None:
        self._orders.close()
        self._process.wait()


def prepare() -> None:
    """Start this process's server before the first file comes, which would wait half a second for it."""
    global _server
    with _lock:
        _server = _server or DecoderServer()


def start(order: Mapping[str, Any], held: int) -> tuple[int, socket.socket]:
    """As `DecoderServer.start`, from this process's server; a new one where the last was killed."""
    global _server
    with _lock:
        if _server is not None:
            try:
                return _server.start(order, held)
            except (BrokenPipeError, ConnectionResetError):  # nobody is there; of anything else a new one would die as well
                _close()
        _server = DecoderServer()
        return _server.start(order, held)


def _close() -> None:
    global _server
    if _server is not None:
        _server.close()
    _server = None


def _forget() -> None:
    """In a fork of this process: the server is the other's."""
    global _lock, _server
    _lock, _server = threading.Lock(), None


atexit.register(_close)
os.register_at_fork(after_in_child=_forget)
