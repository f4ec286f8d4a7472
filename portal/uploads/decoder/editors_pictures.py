"""Editors' pictures, in formats that nobody sends with an application: their decoders are imported for these alone."""

from PIL import AvifImagePlugin, WebPImagePlugin

from .pictures import EDITORS_LONGEST_SIDE, decode, editors_kept, on_white, plain

PRELOADED = (AvifImagePlugin, WebPImagePlugin)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def clean_editors_picture(content: bytes, *, form: str) -> tuple[bytes, tuple[int, int]]:
    """The picture in the format it came in, with its transparency, and its new size. Raises ContentRefused."""
    convert = plain if form != "JPEG" else on_white
    return editors_kept(decode(content, (form,), EDITORS_LONGEST_SIDE, convert), form=form)
