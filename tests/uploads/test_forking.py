"""The server that decoding processes are forked from: what is kept apart, and what ends with what."""

import os
import runpy
import signal
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from portal.uploads import decoding, forking
from portal.uploads.decoding import NoAnswer, TooSlow, run
from portal.uploads.forking import DecoderServer

from .test_sandbox import PREPARED

JOBS = """
def pid(content): return {"pid": os.getpid()}, b""
def descriptors(content):
    return {"open": sorted(os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")[:-1])}, b""
def remembered(content):
    found = getattr(worker, "left_behind", "")
    worker.left_behind = content.decode()
    return {"found": found}, b""
def waits(content):
    os.write(1, str(os.getpid()).encode() + bytes([10]))
    threading.Event().wait()
server.serve({"pid": pid, "descriptors": descriptors, "remembered": remembered, "waits": waits})
"""


@pytest.fixture
def server() -> Iterator[DecoderServer]:
    """A server with these jobs."""
    with closing(DecoderServer(PREPARED + textwrap.dedent(JOBS))) as made:
        yield made


def until(condition: Callable[[], bool]) -> bool:
    """Whether it came to be, within ten seconds."""
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        threading.Event().wait(0.02)
    return condition()


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def said(server: DecoderServer, job: str, content: bytes = b"") -> dict[str, object]:
    return run(job, content, most=1000, options={}, server=server).said


def test_nothing_of_one_file_is_left_for_the_next(server: DecoderServer) -> None:
    assert [said(server, "remembered", name) for name in (b"first", b"second")] == [{"found": ""}, {"found": ""}]


def test_a_process_has_the_descriptors_of_its_own_file_and_no_other(server: DecoderServer, settings: Settings) -> None:
    """Neither the orders nor the answer of a file that is in work at the same time."""
    settings.UPLOAD_SANDBOX = False
    with os.fdopen(os.memfd_create("other"), "w+b") as other:
        answer, leash = server.start({"job": "waits", "options": {}, "limits": decoding.LIMITS, "sandbox": False}, other.fileno())
        with leash, os.fdopen(answer, "rb") as pipe:
            assert int(pipe.readline())  # it is in work
            names = said(server, "descriptors")["open"]
    assert isinstance(names, list)
    assert [name.split(":")[0] for name in names if name not in {"/dev/null", "/dev/urandom"}] == ["/memfd", "pipe"]


def test_who_waits_no_longer_ends_the_process(server: DecoderServer) -> None:
    with os.fdopen(os.memfd_create("file"), "w+b") as file:
        answer, leash = server.start({"job": "waits", "options": {}, "limits": decoding.LIMITS, "sandbox": True}, file.fileno())
    with os.fdopen(answer, "rb") as pipe:
        pid = int(pipe.readline())
        assert is_there(pid)
        leash.close()
        assert until(lambda: not is_there(pid))


def test_a_file_that_takes_too_long_is_ended_and_the_next_is_decoded(server: DecoderServer) -> None:
    with pytest.raises(TooSlow):
        run("waits", b"", most=1000, options={}, server=server, seconds=0.5)
    assert said(server, "remembered", b"x") == {"found": ""}


def test_with_the_orders_the_server_ends_and_what_it_has_in_work(server: DecoderServer) -> None:
    with os.fdopen(os.memfd_create("file"), "w+b") as file:
        answer, leash = server.start({"job": "waits", "options": {}, "limits": decoding.LIMITS, "sandbox": True}, file.fileno())
    with leash, os.fdopen(answer, "rb") as pipe:
        pid = int(pipe.readline())
        server.close()
        assert until(lambda: not is_there(pid))


def test_a_server_that_was_killed_is_replaced() -> None:
    first = run("probe", b"", most=0, options={}).said
    assert first == {}
    assert forking._server is not None
    killed = forking._server._process.pid
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: Path(f"/proc/{killed}/stat").read_text().split()[2] == "Z")
    assert run("probe", b"", most=0, options={}).said == {}
    assert forking._server._process.pid != killed


def test_a_server_that_was_prepared_is_the_one_that_works() -> None:
    forking._close()
    forking.prepare()
    prepared = forking._server
    assert prepared is not None
    forking.prepare()  # once is enough
    assert run("probe", b"", most=0, options={}).said == {}
    assert forking._server is prepared


def test_the_web_server_prepares_one_in_each_worker() -> None:
    forking._close()
    runpy.run_path("deploy/gunicorn.conf.py")["post_worker_init"](None)
    assert forking._server is not None


def test_a_want_of_descriptors_leaves_the_server_and_what_it_has_in_work(server: DecoderServer) -> None:
    """An order that cannot be given leaves nothing open here, and the next one finds the same server."""
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="Bad file descriptor"):
        server.start({"job": "pid", "options": {}, "limits": decoding.LIMITS, "sandbox": True}, 10**6)
    assert len(os.listdir("/proc/self/fd")) == before
    assert said(server, "pid")


def test_a_server_that_is_killed_at_work_gives_no_answer(server: DecoderServer) -> None:
    parent = server._process.pid
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(run, "waits", b"", most=1000, options={}, server=server, seconds=20)
        assert until(lambda: bool(Path(f"/proc/{parent}/task/{parent}/children").read_text()))
        os.kill(parent, signal.SIGKILL)
        with pytest.raises(NoAnswer):
            waiting.result()


def test_each_file_has_a_process_of_its_own_and_many_threads_share_one_server(server: DecoderServer) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: said(server, "pid"), range(40)))
    assert len({answer["pid"] for answer in answers}) == 40


def test_a_fork_of_the_web_process_gets_a_server_of_its_own() -> None:
    run("probe", b"", most=0, options={})
    ours = forking._server
    assert ours is not None
    forking._forget()  # what os.register_at_fork calls in the child
    try:
        run("probe", b"", most=0, options={})
        assert forking._server is not None
        assert forking._server._process.pid != ours._process.pid
    finally:
        forking._close()
        forking._server = ours
