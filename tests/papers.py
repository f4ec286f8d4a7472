"""Reading papers back: the text, the fonts and the pixels of a PDF."""

import re
import subprocess
import tempfile
from pathlib import Path


def text(content: bytes) -> str:
    """What pdftotext reads."""
    return _run(["pdftotext", "IN", "-"], content).decode()


def drawn_text(content: bytes) -> str:
    """The same in the order in which it was drawn: lines of one field before those of the field beside it."""
    return _run(["pdftotext", "-raw", "IN", "-"], content).decode()


def boxes(content: bytes) -> dict[str, tuple[float, float, float, float]]:
    """Each word where it stands first: left, top, right, bottom."""
    page = _run(["pdftotext", "-bbox", "IN", "-"], content).decode()
    found: dict[str, tuple[float, float, float, float]] = {}
    for *sides, word in re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)</word>', page):
        left, top, right, bottom = map(float, sides)
        found.setdefault(word, (left, top, right, bottom))
    return found


def fonts(content: bytes) -> list[str]:
    """One line of pdffonts for each font."""
    return _run(["pdffonts", "IN"], content).decode().splitlines()[2:]


def info(content: bytes) -> dict[str, str]:
    """What pdfinfo says."""
    lines = _run(["pdfinfo", "IN"], content).decode().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def pixels(content: bytes, *, dpi: int) -> bytes:
    """The first page as PNG."""
    return _run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "IN"], content)


def _run(command: list[str], content: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(content)
        return subprocess.run([str(path) if word == "IN" else word for word in command], check=True, capture_output=True).stdout
