"""What docs/install-into-a-site.md tells people to write and to run, taken from the page itself."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "install-into-a-site.md"
FILE = re.compile(r"`(mysite/[^`\n]+)`, (at its end|in place of what stands there):\n\s+```python\n(.*?)\n\s+```", re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)\n\s+```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code: the file of the site it belongs to, and whether that file's own text stays before it."""

    file: str
    is_added: bool
    text: str

    def write(self, site: Path) -> None:
        """Do what the page says."""
        path = site / self.file
        before = path.read_text() + "\n" if self.is_added else ""
        path.write_text(f"{before}{self.text}\n")


def blocks() -> list[Block]:
    """All of them, in the page's order."""
    return [Block(file, how == "at its end", _text(body)) for file, how, body in FILE.findall(PAGE.read_text())]


def blocks_for(database: str) -> list[Block]:
    """Without the one that is for the other database."""
    other = "PORTAL_SQLITE_OPTIONS" if database == "postgresql" else "DATABASE_URL"
    return [block for block in blocks() if other not in block.text]


def commands() -> list[list[str]]:
    """Each line of the page's shell blocks, as words."""
    return [line.split() for body in COMMANDS.findall(PAGE.read_text()) for line in _text(body).splitlines()]


def _text(body: str) -> str:
    return textwrap.dedent("   " + body.lstrip())
