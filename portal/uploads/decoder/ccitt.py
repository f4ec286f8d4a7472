"""Fax pictures (ITU-T T.4 and T.6): without what stands behind their end."""

import re

from .problems import ContentRefused, Reason

MAX_LENGTH = 16 * 1024 * 1024
# No codes of a picture make eleven zeros, so that the ends of lines can be found without decoding: two of them end the picture.
# In the two-dimensional coding of T.4 a bit stands between them.
_LINE = "000000000001"
_ENDS = (_LINE * 2, f"{_LINE}1{_LINE}")
_END = re.compile(rf"{_LINE}(?:1?{_LINE})+")


def without_what_follows(content: bytes, *, aligned: bool) -> bytes:
    """The same picture up to its mark of the end, if it has one. Rows that are `aligned` are padded with zeros, like marks."""
    if aligned or not content:
        return content
    if len(content) > MAX_LENGTH:  # three times the pixels that a picture may have
        raise ContentRefused(Reason.TOO_COMPLEX)
    bits = f"{int.from_bytes(content):0{8 * len(content)}b}"
    # Looked for as text: a regular expression would take ten times as long.
    begins = [at for end in _ENDS if (at := bits.find(end)) >= 0]
    mark = _END.match(bits, min(begins)) if begins else None
    if mark is None:
        return content
    last = (mark.end() + 7) // 8
    return content[: last - 1] + bytes([content[last - 1] & (0xFF << 8 * last - mark.end()) & 0xFF])
