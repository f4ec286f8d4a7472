"""Codes for machines on paper, as vector pictures that a template places at their size in millimetres."""

from itertools import groupby
from urllib.parse import quote

import segno
from barcode.codex import Code39

MODULE, HEIGHT, QUIET = 0.3, 11, 6  # millimetres; the stores' scanners ask for 0.25, 10 and 6


def code39(text: str) -> str:
    """`text` as a Code 39 picture (data: URI), without the check character that its readers do not expect.

    One path, not a rectangle a bar: it draws ten times faster.
    """
    (modules,) = Code39(text, add_checksum=False).build()
    bars, left = "", 0
    for module, run in groupby(modules):
        width = len(list(run))
        bars += f"M{left} 0h{width}v1h-{width}z" if module == "1" else ""
        left += width
    return _svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left * MODULE + 2 * QUIET}mm" height="{HEIGHT}mm"'
        f' viewBox="{-QUIET / MODULE} 0 {left + 2 * QUIET / MODULE} 1" preserveAspectRatio="none">'
        f'<path fill="#fff" d="M{-QUIET / MODULE} 0h{left + 2 * QUIET / MODULE}v1H{-QUIET / MODULE}z"/><path d="{bars}"/></svg>'
    )


def qr_code(text: str) -> str:
    """`text` as a QR code (data: URI) that still reads with 15 % of it damaged."""
    uri: str = segno.make(text, error="m", micro=False).svg_data_uri(border=3, light="#fff", omitsize=True)
    return uri


def _svg(source: str) -> str:
    return "data:image/svg+xml;charset=utf-8," + quote(source)
