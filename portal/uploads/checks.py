"""Can files be decoded here? A system check at every start, and a probe of /readyz/ that starts a decoder in earnest."""

import os
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from portal.core.health import probe

from .decoder import sandbox
from .decoding import NoAnswer, run
from .waiting import open_locks

GOOD_FOR = 60  # seconds: /readyz/ is asked often, and by anybody
_good_until = 0.0


@register
def sandbox_is_there(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """libseccomp is there, or no file is taken."""
    if not settings.UPLOAD_SANDBOX:
        return [CheckWarning("uploaded files are decoded without a sandbox", hint="UPLOAD_SANDBOX", id="uploads.W001")]
    try:
        sandbox.load_library()
    except OSError:
        return [Error("no uploaded file can be taken", hint="install the Debian package libseccomp2", id="uploads.E001")]
    return []


@probe("uploads")
def decoder_works() -> str:
    """There are turns to be had, and a decoder starts, locks itself up and answers."""
    global _good_until
    if time.monotonic() < _good_until:
        return ""
    os.close(open_locks())
    try:
        run("probe", b"", most=0, options={})
    except (NoAnswer, sandbox.NoSandbox) as problem:
        return str(problem)
    _good_until = time.monotonic() + GOOD_FOR
    return ""
