"""What the decoding process gives up before it reads the first byte of a stranger's file.

seccomp is the guard: what is not in `SYSTEM_CALLS` answers EPERM. There is no way left to open a file or a socket, to start a
process or a thread, or to make memory executable. The limits are for bombs.

One library cannot do without threads. A thread is the same process: it is behind the same filter, and its time and memory count
with the rest.
"""

import ctypes
import errno
import os
import resource
import signal

MEBIBYTE = 1024 * 1024
# Memory of the whole process, libraries included: no process of the portal may pass 600 MiB.
MAX_MEMORY = 560 * MEBIBYTE
# Seconds of CPU, which an ordinary file does not use a third of.
MAX_CPU = 2

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_ERRNO_EPERM, _ERRNO_ENOSYS, _ALLOW = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x7FFF0000
_EQUAL, _MASKED_EQUAL = 4, 7
_PROT_EXEC = 4
# Flags of clone(2): a thread of this process, and the new namespaces that it may not have.
_CLONE_THREAD, _CLONE_NEW = 0x00010000, 0x7E020080
_M_ARENA_MAX = -8

SYSTEM_CALLS = (
    *("brk", "munmap", "mremap", "madvise", "futex", "sched_yield", "getrandom", "membarrier", "rseq"),
    *("clock_gettime", "clock_getres", "gettimeofday", "time", "times", "getrusage", "sysinfo", "sched_getaffinity"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    # What can be read is the input, and the source of random numbers that qpdf opened before.
    *("getpid", "gettid", "fstat", "lseek", "read", "close", "exit", "exit_group"),
)
INPUT, OUTPUT = 0, 1


class NoSandbox(Exception):
    """The process could not give up its rights: it decodes nothing."""


class _Comparison(ctypes.Structure):
    """libseccomp's scmp_arg_cmp."""

    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("datum_a", ctypes.c_uint64), ("datum_b", ctypes.c_uint64)]


def limit(*, memory: int = MAX_MEMORY, cpu: int = MAX_CPU, threads: bool = False) -> None:
    """Bound memory and CPU; no files written, no processes, no core dump; others go first."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)  # else each thread takes 64 MiB of the addresses for itself
    os.nice(5)
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CPU: cpu, resource.RLIMIT_AS: memory}
    if not threads:  # it counts all threads of the user, those of the web server too
        limits[resource.RLIMIT_NPROC] = 0
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def load_library() -> ctypes.CDLL:
    """libseccomp, with the types of what is called. Raises OSError where there is none."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    library.seccomp_rule_add_array.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Comparison))
    ]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    return library


def lock_up(*, threads: bool = False) -> None:
    """From here on only `SYSTEM_CALLS`, plain memory, writing the output, and `threads` if need be. Raises NoSandbox."""
    try:
        library = load_library()
    except OSError as error:
        raise NoSandbox("libseccomp2 is not installed") from error
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    if ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NoSandbox("no_new_privs was refused")
    filters = library.seccomp_init(_ERRNO_EPERM)  # its other architectures (32 bit) are killed
    for name in SYSTEM_CALLS:
        _allow(library, filters, name)
    _allow(library, filters, "write", _Comparison(0, _EQUAL, OUTPUT, 0))
    for name in ("mmap", "mprotect"):
        _allow(library, filters, name, _Comparison(2, _MASKED_EQUAL, _PROT_EXEC, 0))
    if threads:
        _allow_threads(library, filters)
    if library.seccomp_load(filters):
        raise NoSandbox("the kernel refused the seccomp filter")
    _prove()


def _allow_threads(library: ctypes.CDLL, filters: int) -> None:
    """clone3 hides its flags from a filter: glibc learns that there is none, and takes clone."""
    _allow(library, filters, "set_robust_list")
    _allow(library, filters, "clone3", action=_ERRNO_ENOSYS)
    _allow(library, filters, "clone", _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD | _CLONE_NEW, _CLONE_THREAD))


def _allow(library: ctypes.CDLL, filters: int, name: str, *only: _Comparison, action: int = _ALLOW) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:  # this architecture has it not
        return
    array = (_Comparison * len(only))(*only)
    if library.seccomp_rule_add_array(filters, action, number, len(only), array):
        raise NoSandbox(f"no rule for {name}")


def _prove() -> None:
    """A filter that lets a file be opened is none."""
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        return
    except OSError as error:
        raise NoSandbox("the sandbox answers strangely") from error
    raise NoSandbox("the sandbox does not hold")
