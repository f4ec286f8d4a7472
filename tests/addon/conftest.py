"""One wheel, one environment and one site for all tests of this folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.bench.servers import free_port, wait_for

from . import build, page
from .page import ROOT

# Of the tests' own modules, what a visitor of the site needs: the site's Python must not see the checkout, where `portal` is too.
VISITORS = ("__init__.py", "addon", "bench", "forms", "records")


@dataclass(frozen=True)
class Site:
    """Somebody's site: its Python, its folder, what its processes are notified, and what the page's commands said."""

    python: Path
    folder: Path
    env: dict[str, str]
    said: dict[str, str]

    def manage(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [self.python, "manage.py", *words]
        return subprocess.run(command, cwd=self.folder, env={**self.env, **env}, capture_output=True, text=True)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`wagtail start mysite`, and the page followed up to its last command."""
    scratch = tmp_path_factory.mktemp("site")
    python = build.environment(scratch / "venv", wheel)
    env = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "HOME": str(scratch),
        "FIELD_ENCRYPTION_KEYS": "2026=MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=",
        "BASE_URL": f"http://127.0.0.1:{free_port()}",
    }
    build.run(python, "-m", "wagtail.bin.wagtail", "start", "mysite", cwd=scratch, env=env)
    with ExitStack() as ends:
        if url := os.environ.get("DATABASE_URL"):
            env["DATABASE_URL"] = ends.enter_context(new_database(url, f"portal_addon_{os.getpid()}"))
        made = Site(python, scratch / "mysite", env, {})
        for block in page.blocks_for("postgresql" if url else "sqlite"):
            block.write(made.folder)
        for words in page.commands():
            made.said[words[2]] = build.run(python, *words[1:], cwd=made.folder, env=env)
        yield made


@contextmanager
def new_database(url: str, name: str) -> Iterator[str]:
    """The address of an empty database on the server of that address; dropped afterwards."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """The site runs there, and its schedule beside it."""
    base_url = site.env["BASE_URL"]
    with ExitStack() as running:
        for words in (["-m", "gunicorn", "mysite.wsgi", "--bind", urlsplit(base_url).netloc], ["manage.py", "run_schedule"]):
            process = subprocess.Popen([site.python, *words], cwd=site.folder, env=site.env)
            running.callback(process.wait, 60)
            running.callback(process.terminate)
        wait_for(f"{base_url}/readyz/")
        yield base_url


@pytest.fixture(scope="session")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tests' modules and without the checkout."""
    folder = tmp_path_factory.mktemp("visitors")
    for name in VISITORS:
        source, target = ROOT / "tests" / name, folder / "tests" / name
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return folder
