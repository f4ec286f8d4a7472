"""The decoding process: one file in at stdin, one answer out at stdout, and it ends.

The answer is a line of JSON, {"refused": reason} or what the job tells about the file, and after it the new file.
"""

import gc
import importlib
import json
import os
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from . import sandbox
from .problems import ContentRefused, Reason

Job = Callable[..., tuple[dict[str, Any], bytes]]
SANDBOX_FAILED = 3  # exit status


def _picture(content: bytes, *, photo: bool) -> tuple[dict[str, Any], bytes]:
    cleaned, came_as, odd = _module("pictures").clean_picture(content, photo=photo)
    return {"size": came_as, "warnings": odd}, cleaned


def _heic(content: bytes, *, photo: bool) -> tuple[dict[str, Any], bytes]:
    cleaned, came_as, odd = _module("heic_pictures").clean_heic(content, photo=photo)
    return {"size": came_as, "warnings": odd}, cleaned


def _editors_picture(content: bytes, *, form: str) -> tuple[dict[str, Any], bytes]:
    cleaned, size = _module("editors_pictures").clean_editors_picture(content, form=form)
    return {"size": size}, cleaned


def _editors_heic(content: bytes) -> tuple[dict[str, Any], bytes]:
    cleaned, size = _module("heic_pictures").clean_editors_heic(content)
    return {"size": size}, cleaned


def _document(content: bytes) -> tuple[dict[str, Any], bytes]:
    return {}, _module("documents").clean_pdf(content)


def _probe(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Nothing but being there, in the sandbox."""
    return {}, content


JOBS: Mapping[str, Job] = {
    "picture": _picture,
    "heic": _heic,
    "editors_picture": _editors_picture,
    "editors_heic": _editors_heic,
    "document": _document,
    "probe": _probe,
}
# Imported before the sandbox closes; a job needs few of the libraries.
NEEDS = {
    "picture": "pictures",
    "heic": "heic_pictures",
    "editors_picture": "editors_pictures",
    "editors_heic": "heic_pictures",
    "document": "documents",
}
# libheif hands each tile to a thread that libde265 starts.
THREADED = {"heic", "editors_heic"}


def _module(name: str) -> Any:
    return importlib.import_module(f".{name}", __package__)


def answer(job: Job, content: bytes, options: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The job's answer, or why there is none."""
    try:
        return job(content, **options)
    except ContentRefused as refused:
        return {"refused": refused.reason}, b""
    except (MemoryError, RecursionError):
        return {"refused": Reason.TOO_COMPLEX}, b""


def work(order: Mapping[str, Any], jobs: Mapping[str, Job] = JOBS) -> NoReturn:
    """Do the job that the order names; whatever goes wrong in it ends this process and nothing else."""
    if needed := NEEDS.get(order["job"]):
        _module(needed)
    threads = order["job"] in THREADED
    sandbox.limit(**order["limits"], threads=threads)
    if order["sandbox"]:
        try:
            sandbox.lock_up(threads=threads)
        except sandbox.NoSandbox:
            os._exit(SANDBOX_FAILED)
    gc.disable()  # the process is over before it would help
    said, payload = answer(jobs[order["job"]], _read(), order["options"])
    _write(json.dumps(said).encode() + b"\n" + payload)
    os._exit(0)


def _read() -> bytes:
    parts = []
    while part := os.read(sandbox.INPUT, 1024 * 1024):
        parts.append(part)
    return b"".join(parts)


def _write(content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(sandbox.OUTPUT, left) :]
