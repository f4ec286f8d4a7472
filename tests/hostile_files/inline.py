"""Documents that draw a JPEG between their drawing operators, with what it carries: in every place that has such operators, and
in every way to write it that one or another reader understands. All are refused.
"""

from collections.abc import Callable
from functools import partial

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.hostile_files.carriers import MARK, Made, document
from tests.hostile_files.parts import jpeg_segments, segment

PHOTO = jpeg_segments(segment(0xFE, MARK))
SIDES = b"/W 64/H 64/BPC 8/CS/RGB"
# What stands around the operator, and how its filter is named.
BEGINNINGS = {
    "plain": b"BI\n",
    "at once": b"BI",
    "a comment behind": b"BI%\n",
    "a comment with words behind": b"BI%x y\n",
    "a name before": b"/a BI%x\n",
    "an array before": b"[]BI\n",
    "a string before": b"()BI\n",
    "a hexadecimal string before": b"<>BI\n",
    "a dictionary before": b"<</a 1>>BI\n",
    "a dictionary behind": b"BI<</a 1>>",
    "a comment before": b"%\nBI ",
    "a form feed before": b"\x0cBI\x0c",
    "a null before": b"\0BI\0",
    "a number before": b"0BI ",
    "an operator before": b"qBI ",
    "a bracket before": b"}BI{",
    "a kept picture before": b"BI /W 1/H 1/BPC 8/CS/G ID x EI[]BI%\n",
}
FILTERS = {
    "short": b"/F/DCT",
    "long": b"/Filter/DCTDecode",
    "half a short one": b"/F /DCTDecode",
    "one of an array": b"/F[/DCT]",
    "last of an array": b"/F[/AHx/DCT]",
    "in an array with comments": b"/F[%[\n/DCT%]\n]",
    "with a number for a character": b"/F/D#43T",
    "with numbers for all characters": b"/F/#44#43#54",
    "long with small numbers": b"/Filter/DCTDec#6fde",
    "with a null behind": b"/F/DCT#00",
    "JPEG 2000": b"/F/JPXDecode",
    "JBIG2": b"/F[/JBIG2Decode]",
    "fax": b"/F/CCF/DP<</K -1>>",
}


def picture(beginning: bytes = b"[]BI%\n", filters: bytes = b"/F/DCT", data: bytes = PHOTO) -> bytes:
    return b"q 100 0 0 100 0 0 cm\n" + beginning + SIDES + filters + b"\nID " + data + b"\nEI\nQ\n"


def on_the_page(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(drawn)


def packed_on_the_page(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    hexadecimal = pdf.make_stream(b"")
    hexadecimal.write(drawn.hex().encode(), filter=Name.ASCIIHexDecode)
    pdf.pages[0].obj.Contents = hexadecimal


def in_two_streams(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    """A page's streams are read as one, and may be cut between any two words."""
    begin = drawn.index(b"/W")
    pdf.pages[0].obj.Contents = Array([pdf.make_stream(drawn[:begin]), pdf.make_stream(drawn[begin:])])


def _form(pdf: pikepdf.Pdf, drawn: bytes) -> pikepdf.Object:
    return pdf.make_stream(drawn, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100]))


def in_a_form(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm0=_form(pdf, drawn))


def in_a_form_of_a_form(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    in_a_form(pdf, b"/Fm1 Do")
    pdf.pages[0].obj.Resources.XObject.Fm0.Resources = Dictionary(XObject=Dictionary(Fm1=_form(pdf, drawn)))


def in_a_pattern(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    sides = Array([0, 0, 100, 100])
    tile = pdf.make_stream(drawn, PatternType=1, PaintType=1, TilingType=1, BBox=sides, XStep=9, YStep=9, Resources=Dictionary())
    pdf.pages[0].obj.Resources.Pattern = Dictionary(P0=tile)


def in_a_glyph(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    glyph = pdf.make_stream(b"100 0 0 0 100 100 d1 " + drawn)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontMatrix=Array([1, 0, 0, 1, 0, 0]), CharProcs=Dictionary(a=glyph))
    pdf.pages[0].obj.Resources.Font = Dictionary(F0=font)


def in_a_soft_mask(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=_form(pdf, drawn))
    pdf.pages[0].obj.Resources.ExtGState = Dictionary(G0=Dictionary(SMask=mask))


def in_a_stamp(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    note = Dictionary(Subtype=Name.Stamp, F=4, Rect=Array([20, 20, 90, 90]), AP=Dictionary(N=_form(pdf, drawn)))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


PLACES = (
    *(on_the_page, packed_on_the_page, in_two_streams, in_a_form, in_a_form_of_a_form),
    *(in_a_pattern, in_a_glyph, in_a_soft_mask, in_a_stamp),
)


def drawing(place: Callable[[pikepdf.Pdf, bytes], None], drawn: bytes) -> Made:
    return document(lambda pdf: place(pdf, drawn))


INLINE: dict[str, Callable[[], Made]] = {
    **{f"pdf, inline, {name}": partial(drawing, on_the_page, picture(begin)) for name, begin in BEGINNINGS.items()},
    **{f"pdf, inline, filter {name}": partial(drawing, on_the_page, picture(filters=each)) for name, each in FILTERS.items()},
    **{f"pdf, inline {place.__name__.replace('_', ' ')}": partial(drawing, place, picture()) for place in PLACES},
}
