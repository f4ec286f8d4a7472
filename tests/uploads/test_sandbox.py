"""What the decoding process cannot do, tried in earnest inside it; and each limit beside the same work without the limit."""

import errno
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from portal.uploads import checks, decoding
from portal.uploads.checks import decoder_works, sandbox_is_there
from portal.uploads.decoder import sandbox, worker
from portal.uploads.decoding import Answer, NoAnswer, TooSlow, run
from portal.uploads.forking import DecoderServer

# What a server's program begins with.
PREPARED = f"""
import sys; sys.path.append({str(Path(decoding.__file__).parent)!r})
import ctypes, mmap, os, signal, socket, subprocess, threading
from decoder import sandbox, server, worker
"""
# Its jobs do what the file says, each in a decoding process of its own.
OBEDIENT = f"""{PREPARED}
def job(content):
    known = dict(globals(), said=dict(), payload=b"")
    exec(content, known)
    return known["said"], known["payload"]
worker.THREADED = set(["threaded"])
server.serve(dict(job=job, threaded=job))
"""
PLENTY = {"memory": 4 * 1024 * sandbox.MEBIBYTE, "cpu": 60}


@cache
def obedient() -> DecoderServer:
    """One server for all tests here."""
    return DecoderServer(OBEDIENT)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    obedient().close()
    obedient.cache_clear()


def work(
    body: str, *, most: int = 1000, limits: dict[str, int] | None = None, seconds: float | None = None, threads: bool = False
) -> Answer:
    """Run these lines in a decoding process of their own, with its sandbox and its limits."""
    job, lines = "threaded" if threads else "job", textwrap.dedent(body).encode()
    return run(job, lines, most=most, options={}, server=obedient(), limits=limits or decoding.LIMITS, seconds=seconds)


def attempt(line: str, *, threads: bool = False) -> str:
    """What becomes of the line: "" or the name of what it raised."""
    body = f"try:\n    {line}\n    said['raised'] = ''\nexcept BaseException as e:\n    said['raised'] = type(e).__name__"
    return str(work(body, threads=threads).said["raised"])


ATTEMPTS = {
    "read a file": "open('/etc/passwd')",
    "write a file": "open('/tmp/kilroy', 'w')",
    "make a directory": "os.mkdir('/tmp/kilroy')",
    "list a directory": "os.listdir('/')",
    "remove a file": "os.unlink('/tmp/kilroy')",
    "rename a file": "os.rename('/tmp/a', '/tmp/b')",
    "look at a file": "os.stat('/etc/passwd')",
    "open a socket": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "open a local socket": "socket.socket(socket.AF_UNIX)",
    "make a pipe": "os.pipe()",
    "fork": "os.fork() or os._exit(0)",
    "become another program": "os.execv('/bin/true', ['true'])",
    "start a program": "subprocess.run(['/bin/true'])",
    "start a thread": "threading.Thread(target=int).start()",
    "kill the parent": "os.kill(os.getppid(), 0)",
    "become another user": "os.setuid(65534)",
    "raise its limits": "__import__('resource').setrlimit(7, (100, 100))",
    "write to another descriptor": "os.write(2, b'x')",
    "make memory executable": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
}
# System calls that Python has no name for, by libseccomp's.
CALLS = (
    "ptrace",
    "process_vm_readv",
    "bpf",
    "io_uring_setup",
    "userfaultfd",
    "unshare",
    "mount",
    "keyctl",
    "openat2",
    "clone3",
    "memfd_create",
)


@pytest.mark.parametrize("line", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_sandbox_refuses(line: str) -> None:
    # A thread that cannot start is a RuntimeError, a limit that cannot be raised a ValueError.
    assert attempt(line) in {"PermissionError", "RuntimeError", "ValueError"}


@pytest.mark.parametrize(
    "line", ["open('/etc/passwd')", "os.pipe()", "os.listdir('/')", "socket.socket()", "os.stat('/etc/passwd')"]
)
def test_without_the_sandbox_the_same_succeeds(line: str, settings: Settings) -> None:
    settings.UPLOAD_SANDBOX = False
    assert attempt(line) == ""


def system_call(name: str, *, first: int = 0, threads: bool = False) -> dict[str, int]:
    """Result and error of the system call with that first argument."""
    number = sandbox.load_library().seccomp_syscall_resolve_name(name.encode())
    libc = "ctypes.CDLL(None, use_errno=True)"
    body = f"said['result'] = {libc}.syscall({number}, {first}, 0, 0, 0, 0, 0)\nsaid['errno'] = ctypes.get_errno()"
    return work(body, threads=threads).said


@pytest.mark.parametrize("name", CALLS)
def test_the_sandbox_refuses_the_system_call(name: str) -> None:
    assert system_call(name) == {"result": -1, "errno": errno.EPERM}


# A job whose library needs threads may have them, and nothing else


def test_a_job_that_needs_threads_may_start_them() -> None:
    assert attempt("thread = threading.Thread(target=int); thread.start(); thread.join()", threads=True) == ""
    assert set(worker.THREADED) == {"heic", "editors_heic"}


@pytest.mark.parametrize("line", [line for name, line in ATTEMPTS.items() if name != "start a thread"])
def test_with_threads_the_sandbox_refuses_the_same(line: str) -> None:
    assert attempt(line, threads=True) in {"PermissionError", "ValueError"}


def test_a_thread_is_behind_the_same_filter() -> None:
    body = """
    def look():
        try:
            open("/etc/passwd")
        except PermissionError:
            said["refused_to"] = "the thread"
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    """
    assert work(body, threads=True).said == {"refused_to": "the thread"}


@pytest.mark.parametrize("name", CALLS)
def test_with_threads_the_sandbox_refuses_the_same_system_calls(name: str) -> None:
    refused = errno.ENOSYS if name == "clone3" else errno.EPERM  # glibc asks for clone instead when there is no clone3
    assert system_call(name, threads=True) == {"result": -1, "errno": refused}


@pytest.mark.parametrize("flags", [0, 0x100, 0x10000000, 0x10000 | 0x10000000, 0x10000 | 0x00020000, 0x10000 | 0x40000000])
def test_clone_makes_threads_only(flags: int) -> None:
    """Neither a process, nor a thread in namespaces of its own."""
    assert system_call("clone", first=flags, threads=True) == {"result": -1, "errno": errno.EPERM}


def test_the_time_of_threads_is_limited_together() -> None:
    body = """
    import time
    def busy():
        while time.process_time() < 1.3: pass
    threads = [threading.Thread(target=busy) for _ in range(3)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    payload = b"done"
    """
    with pytest.raises(NoAnswer, match="ended with -"):
        work(body, threads=True, limits={**decoding.LIMITS, "cpu": 1})
    assert work(body, threads=True, limits=PLENTY).content == b"done"


def test_nothing_of_the_web_process_comes_along() -> None:
    said = work("said['environment'] = len(os.environ)\nsaid['django'] = 'django' in sys.modules or 'celery' in sys.modules").said
    assert said["django"] is False
    assert said["environment"] <= 1  # LC_CTYPE, which Python sets itself


# Limits, each with the same work without it


def test_memory_is_limited() -> None:
    hungry = f"payload = bytes({600 * sandbox.MEBIBYTE})[:1]"
    assert work(hungry).said == {"refused": "too_complex"}
    assert work(hungry, limits=PLENTY).content == b"\0"


def test_cpu_time_is_limited() -> None:
    busy = "import time\nwhile time.process_time() < 1.3: pass\npayload = b'done'"
    with pytest.raises(NoAnswer, match="ended with -"):
        work(busy, limits={**decoding.LIMITS, "cpu": 1})
    assert work(busy, limits=PLENTY).content == b"done"


def test_wall_time_is_limited() -> None:
    idle = "event = threading.Event()\nevent.wait(2)\npayload = b'done'"
    began = time.monotonic()
    with pytest.raises(TooSlow):
        work(idle, seconds=1)
    assert time.monotonic() - began < 2
    assert work(idle, seconds=20).content == b"done"


def test_output_is_limited() -> None:
    much = "payload = bytes(5000)"
    with pytest.raises(NoAnswer, match="too much output"):
        work(much, most=100)
    assert len(work(much, most=5000).content) == 5000


# What a taken-over process says is not believed


@pytest.mark.parametrize(
    "line",
    [
        "os._exit(0)",
        "os._exit(7)",
        "os.kill(os.getpid(), signal.SIGSEGV) or ctypes.string_at(0)",
        "ctypes.string_at(0)",
        "os.write(1, b'no header at all') and os._exit(0)",
        "os.write(1, b'[1, 2]' + bytes([10])) and os._exit(0)",
        "os.write(1, b'{' * 2000) and os._exit(0)",
        "os.write(1, b'[' * 990 + bytes([10])) and os._exit(0)",
        "raise ValueError",
    ],
)
def test_a_crash_or_garbage_is_no_answer(line: str) -> None:
    with pytest.raises(NoAnswer):
        work(line)


@pytest.mark.parametrize("size", [None, "1x1", [1], [0, 5], [1, 10**9], ["1", "1"], [1, 1, 1]])
def test_a_size_that_is_none_is_not_believed(size: object) -> None:
    with pytest.raises(decoding.FileRefused):
        _ = Answer({"size": size}, b"").size


@pytest.mark.parametrize("reason", ["'nonsense'", "['damaged']", "{'damaged': 1}", "7"])
def test_a_reason_that_is_none_is_not_believed(reason: str) -> None:
    said = work(f"said['refused'] = {reason}").said
    with pytest.raises(decoding.FileRefused) as refused:
        decoding.raise_refusal(said)
    assert refused.value.reason == "damaged"


# Closed when it cannot be applied


def test_without_a_sandbox_nothing_is_decoded() -> None:
    program = PREPARED + "def missing(): raise OSError\nsandbox.load_library = missing\nserver.serve()"
    with closing(DecoderServer(program)) as server, pytest.raises(sandbox.NoSandbox):
        run("probe", b"", most=10, options={}, server=server)


def test_a_filter_that_lets_a_file_be_opened_is_noticed() -> None:
    with pytest.raises(sandbox.NoSandbox):
        sandbox._prove()


def test_the_probe_of_readyz_starts_a_decoder() -> None:
    assert decoder_works() == ""


def test_the_probe_tells_when_nobody_can_have_a_turn(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    settings.UPLOAD_LOCKS = str(tmp_path / "file" / "locks")
    monkeypatch.setattr(checks, "_good_until", 0.0)
    with pytest.raises(OSError):  # noqa: PT011  # /readyz/ tells its name
        decoder_works()
    with pytest.raises(decoding.FileRefused) as refused:
        decoding.decode("probe", b"", sender=1, most=0)
    assert refused.value.reason == "upload_failed"


def test_the_system_check_warns_without_sandbox(settings: Settings) -> None:
    assert sandbox_is_there(None) == []
    settings.UPLOAD_SANDBOX = False
    assert [message.id for message in sandbox_is_there(None)] == ["uploads.W001"]
