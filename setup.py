"""What pyproject.toml cannot say: `templates/`, `static/` and `locale/` stand beside the code and go into the wheel.

They go below portal/core/. There Django's own finders look for them: a site that installs the wheel names no folder.
"""

import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
FOLDERS = ("templates", "static")


class BuildWithFolders(build_py):
    """Modules as ever; then the folders, then the catalogues, compiled."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # the checkout's settings name the folders where they are
            return
        core = Path(self.build_lib, "portal", "core")
        for folder in FOLDERS:
            shutil.rmtree(core / folder, ignore_errors=True)  # of an earlier build
            shutil.copytree(ROOT / folder, core / folder)
        shutil.rmtree(core / "locale", ignore_errors=True)
        for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
            compiled = core / source.relative_to(ROOT).with_suffix(".mo")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["msgfmt", "--check-format", "-o", compiled, source], check=True)  # noqa: S603, S607 -- gettext's own

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Copied files are the wheel's own, too."""
        core = Path(self.build_lib, "portal", "core")
        copied = [str(file) for folder in (*FOLDERS, "locale") for file in (core / folder).rglob("*") if file.is_file()]
        return [*super().get_outputs(include_bytecode), *copied]


setup(cmdclass={"build_py": BuildWithFolders})
