"""The portal under test: started here, on parts that are its own, and stopped at the end."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

PARTS = {
    "embedded": "demo settings, SQLite, tasks in-process",
    "real": "production settings, PostgreSQL, Redis, a Celery worker",
}
DATABASE = "portal_bench"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(parts: str, scratch: Path, port: int) -> dict[str, str]:
    """What the portal reads. The real parts' servers are named by DATABASE_URL and REDIS_URL."""
    common = {
        "PORTAL_VAR": str(scratch),
        "STATIC_ROOT": str(scratch / "static"),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "WARNING",
        "QUERY_COUNT": "1",
    }
    if parts == "embedded":
        return {**common, "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
    redis = os.environ["REDIS_URL"].rsplit("/", 1)[0]
    return {
        **common,
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "TRUSTED_PROXIES": "0",
        "DATABASE_URL": database_url(DATABASE),
        "REDIS_URL": f"{redis}/14",
        "CELERY_BROKER_URL": f"{redis}/15",
        "EMAIL_URL": "dummymail://",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": "bench-only-0123456789abcdefghijklmnopqrstuvwxyz-0123456789",
        "FIELD_ENCRYPTION_KEYS": "bench=MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
        # A staging machine: the sandbank instead of a real gateway, plain HTTP on loopback.
        "DEMO": "1",
        "PLAIN_HTTP": "1",
        "SANDBANK_KEYS": "bench-1=sandbank-bench-key",
    }


def database_url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def fresh_database(name: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")


class Portal:
    """`with Portal("real", scratch) as portal:` a portal runs at `portal.base_url`, and Django is set up on its database."""

    def __init__(self, parts: str, scratch: Path, **settings: str) -> None:
        self.parts, self.scratch, self.port, self.settings = parts, scratch, free_port(), settings
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        settings = {**environment(self.parts, self.scratch, self.port), **self.settings}
        if self.parts == "real":
            fresh_database(DATABASE)
        else:
            for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "EMAIL_URL"):
                os.environ.pop(name, None)
        os.environ.update(settings)
        self._prepare()
        with ExitStack() as started:  # what runs is stopped when the rest does not start
            self.stack = started
            self._start_all()
            self.stack = started.pop_all()
        return self

    def _start_all(self) -> None:
        self.serve(self.port)
        if self.parts == "real":
            beat = str(self.scratch / "beat")
            self._start("celery", "--quiet", "-A", "portal", "worker", "--beat", "--concurrency", "2", "--schedule", beat)
        else:
            self._start("python", "manage.py", "run_schedule")
        wait_for(f"{self.base_url}/readyz/")

    def __exit__(self, *problem: object) -> None:
        self.stack.close()

    def _prepare(self) -> None:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_pages", verbosity=0)

    def serve(self, port: int, *application: str, **settings: str) -> None:
        """A gunicorn configured as the portal's, for another application or with other settings; its pages are at that port."""
        settings = {"BASE_URL": f"http://127.0.0.1:{port}", **settings}
        config = "tests/bench/plain_gunicorn.py" if application else "deploy/gunicorn.conf.py"
        self._start("gunicorn", "--config", config, "--bind", f"127.0.0.1:{port}", *application, **settings)

    def _start(self, command: str, *arguments: str, **settings: str) -> None:
        path = str(Path(sys.executable).parent / command)
        process = subprocess.Popen([path, *arguments], env={**os.environ, **settings})
        self.stack.callback(process.wait, 60)
        self.stack.callback(process.terminate)


def wait_for(address: str) -> None:
    """Until the server there answers well."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:  # refused, reset, or slower than we wait
            time.sleep(0.2)
    raise TimeoutError(f"nothing got ready at {address}")
