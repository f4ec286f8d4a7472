"""The server of decoding processes: it has imported their libraries, forks one for each order, and never reads a file itself.

An order is one message of JSON with three descriptors: the file, where the answer goes, and a leash. On the leash it says how the
process ended; who lets go of its other end ends the process. With who gives the orders it ends itself.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from . import sandbox, worker

MAX_ORDER: Final = 4096
# What nearly every file needs. The rest a process imports itself.
IMPORTED: Final = ("pictures", "documents")


@dataclass(frozen=True)
class _Child:
    """A decoding process, a descriptor that is readable once it has ended, and its leash."""

    pid: int
    ended: int
    leash: socket.socket


def serve(jobs: Mapping[str, worker.Job] = worker.JOBS) -> NoReturn:
    """Fork a process for each order that comes at stdin, until nobody is left to give one."""
    for name in IMPORTED:
        importlib.import_module(f".{name}", __package__)
    gc.freeze()  # what is here stays shared with those that are forked
    inherited = set(_open_descriptors())  # qpdf's source of random numbers is one
    orders, poll = socket.socket(fileno=sandbox.INPUT), select.poll()
    poll.register(orders, select.POLLIN)
    children: dict[int, _Child] = {}  # by either descriptor
    while True:
        for descriptor, _event in poll.poll():
            if descriptor == sandbox.INPUT:
                child = _start(orders, jobs, inherited)
                for each in (child.ended, child.leash.fileno()):
                    children[each] = child
                    poll.register(each, select.POLLIN)
            elif ended := children.get(descriptor):
                for each in (ended.ended, ended.leash.fileno()):
                    del children[each]
                    poll.unregister(each)
                _end(ended)


def _start(orders: socket.socket, jobs: Mapping[str, worker.Job], inherited: set[int]) -> _Child:
    message, descriptors, _flags, _address = socket.recv_fds(orders, MAX_ORDER, 3)
    if len(descriptors) != 3:
        os._exit(0)  # nobody is left; who still decodes is killed with us (sandbox.limit)
    held, output, leash = descriptors
    pid = os.fork()
    if not pid:
        try:
            os.dup2(held, sandbox.INPUT)
            os.dup2(output, sandbox.OUTPUT)
            _close_all_but(inherited)
            worker.work(json.loads(message), jobs)
        finally:
            os._exit(1)  # whatever went wrong, it never becomes a server itself
    os.close(held)
    os.close(output)
    return _Child(pid, os.pidfd_open(pid), socket.socket(fileno=leash))


def _close_all_but(inherited: set[int]) -> None:
    """Neither our orders nor what belongs to another file."""
    for descriptor in set(_open_descriptors()) - inherited:
        os.close(descriptor)


def _open_descriptors() -> Iterator[int]:
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        with contextlib.suppress(OSError):  # the one that listed them is closed
            os.fstat(descriptor)
            yield descriptor


def _end(child: _Child) -> None:
    """It has ended, or nobody waits for it any more."""
    os.kill(child.pid, signal.SIGKILL)
    _pid, status = os.waitpid(child.pid, 0)
    with child.leash, contextlib.suppress(OSError):
        child.leash.send(str(os.waitstatus_to_exitcode(status)).encode())
    os.close(child.ended)
