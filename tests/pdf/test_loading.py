"""What a first paper needs is there before the processes of a server part, and neither a thread that a fork would lose nor a
connection that two would share."""

import subprocess
import sys

import pytest

LOADED = """
import os, runpy, sys
import django
django.setup()
from django.db import connections
{load}
from portal.pdf import characters, rendering
print("pyhanko" in sys.modules, characters.characters_of.cache_info().currsize, rendering._stylesheet.cache_info().currsize)
print(len(os.listdir("/proc/self/task")), [each.connection for each in connections.all()])
"""


@pytest.mark.parametrize(
    "load",
    [
        'runpy.run_path("deploy/gunicorn.conf.py")["on_starting"](None)',
        "from portal.celery import load_documents; load_documents()",
    ],
    ids=["web", "worker"],
)
def test_it_is_loaded_and_opens_nothing(load: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED.format(load=load)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "3", "1", "1", "[None]"]
