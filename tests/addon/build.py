"""The wheel, and a new virtual environment that has it: what is tested is our wheel, not the download of the others."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from .page import ROOT

# What the build reads; a copy, for an earlier build may have left its files in the checkout.
SOURCES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "portal", "templates", "static", "locale")


def wheel(folder: Path) -> Path:
    """Built by pip, as anybody would."""
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(ROOT / name, source / name)
    pip("wheel", str(source), "--no-deps", "--wheel-dir", str(folder / "dist"))
    return next((folder / "dist").glob("*.whl"))


def environment(folder: Path, wheel: Path) -> Path:
    """A Python with the wheel installed; the packages it needs are those of the tests."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder, env={}).strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    pip("--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    return python


def pip(*words: str) -> None:
    """With the index and the certificates that this machine's pip is set to."""
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words], check=True)


def run(python: Path, *words: str, cwd: Path, env: dict[str, str]) -> str:
    """What the command prints, its complaints first; what went wrong is shown by the test that fails."""
    done = subprocess.run([python, *words], cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stderr + done.stdout
