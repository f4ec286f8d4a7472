"""What a cleaned PDF may hold, part by part (ISO 32000-1): keys that are not named here do not exist."""

from typing import Any

import pikepdf

from .pdf_copying import (
    DROPPED,
    Copier,
    Kind,
    all_of,
    boolean,
    either,
    name,
    named,
    number,
    one_of,
    record,
    some_of,
    text,
    tuple_of,
)
from .pdf_streams import MAX_STREAM, drawing, image, packed, plain, refuse_inline_jpegs, stream
from .problems import ContentRefused, Reason

NUMBERS = all_of(number)


# Parts that hold each other are described further down and found here by their names.
_DESCRIBED: dict[str, Kind] = {}


def later(part: str) -> Kind:
    """A part that is described further down."""

    def kind(copier: Copier, value: Any) -> Any:
        return copier.copy(value, _DESCRIBED[part])

    return kind


def box(copier: Copier, value: Any) -> Any:
    """A rectangle of a size that a page can have."""
    found = NUMBERS(copier, value)
    return found if found is not DROPPED and len(found) == 4 and all(abs(side) <= 20_000 for side in found) else DROPPED


def colour_space(copier: Copier, value: Any) -> Any:
    """A name, or an array that begins with the name of its family."""
    if isinstance(value, pikepdf.Name):
        return name(copier, value)
    if not isinstance(value, pikepdf.Array) or not len(value):
        return DROPPED
    family = COLOUR_SPACES.get(str(value[0]))
    return DROPPED if family is None else family(copier, value)


def function(copier: Copier, value: Any) -> Any:
    """How numbers become numbers: a table, a curve, pieces of curves, or a calculation without loops."""
    return copier.copy(value, FUNCTION_STREAM if isinstance(value, pikepdf.Stream) else FUNCTION)


FUNCTION_FIELDS: dict[str, Kind] = {
    **dict.fromkeys(("/FunctionType", "/BitsPerSample", "/Order", "/N"), number),
    **dict.fromkeys(("/Domain", "/Range", "/Size", "/Encode", "/Decode", "/C0", "/C1", "/Bounds"), NUMBERS),
}
FUNCTION_STREAM = stream(FUNCTION_FIELDS)
FUNCTION = record({**FUNCTION_FIELDS, "/Functions": all_of(function)})
FUNCTIONS = either(function, all_of(function))
PROFILE = stream({"/N": number, "/Range": NUMBERS, "/Alternate": colour_space})
CALIBRATED = record(
    dict.fromkeys(("/WhitePoint", "/BlackPoint", "/Matrix", "/Range"), NUMBERS) | {"/Gamma": either(number, NUMBERS)}
)
COLOUR_SPACES: dict[str, Kind] = {
    **{each: tuple_of(name) for each in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/G", "/RGB", "/CMYK")},
    "/ICCBased": tuple_of(name, PROFILE),
    "/CalGray": tuple_of(name, CALIBRATED),
    "/CalRGB": tuple_of(name, CALIBRATED),
    "/Lab": tuple_of(name, CALIBRATED),
    "/Indexed": tuple_of(name, colour_space, number, either(text, stream({}))),
    "/I": tuple_of(name, colour_space, number, either(text, stream({}))),
    "/Separation": tuple_of(name, name, colour_space, function),
    "/DeviceN": tuple_of(name, all_of(name), colour_space, function),
    "/Pattern": either(tuple_of(name, colour_space), tuple_of(name)),
}

LAYER = record({"/Type": name, "/Name": text}, needs={"/Type": "/OCG"})
LAYERS = record(
    {"/Type": name, "/OCGs": either(LAYER, some_of(LAYER)), "/P": one_of("/AllOn", "/AnyOn", "/AnyOff", "/AllOff")},
    needs={"/Type": "/OCMD"},
)
OC: dict[str, Kind] = {"/OC": either(LAYER, LAYERS)}
OPTIONAL_CONTENT = record(
    {
        "/OCGs": some_of(LAYER),
        "/D": record({"/BaseState": one_of("/ON", "/OFF", "/Unchanged"), "/ON": some_of(LAYER), "/OFF": some_of(LAYER)}),
    }
)

RESOURCES = later("resources")
GROUP = record({"/Type": name, "/S": name, "/CS": colour_space, "/I": boolean, "/K": boolean}, needs={"/S": "/Transparency"})
FORM = drawing(
    {
        "/Type": one_of("/XObject"),
        "/Subtype": name,
        "/FormType": number,
        "/BBox": NUMBERS,
        "/Matrix": NUMBERS,
        "/Resources": RESOURCES,
        "/Group": GROUP,
        **OC,
    },
    needs={"/Subtype": "/Form"},
)
MASK = later("picture")
IMAGE = image(
    {
        "/Type": one_of("/XObject"),
        "/Subtype": name,
        **dict.fromkeys(("/Width", "/Height", "/BitsPerComponent", "/SMaskInData"), number),
        "/ColorSpace": colour_space,
        "/Intent": name,
        "/ImageMask": boolean,
        "/Interpolate": boolean,
        "/Decode": NUMBERS,
        "/Matte": NUMBERS,
        "/Mask": either(NUMBERS, MASK),
        "/SMask": MASK,
        **OC,
    }
)
_DESCRIBED["picture"] = IMAGE


def x_object(copier: Copier, value: Any) -> Any:
    """A picture or a drawing; PostScript is neither."""
    if not isinstance(value, pikepdf.Stream):
        return DROPPED
    kind = {"/Image": IMAGE, "/Form": FORM}.get(str(value.get("/Subtype")))
    return DROPPED if kind is None else copier.copy(value, kind)


FONT_FILE = stream({"/Length1": number, "/Length2": number, "/Length3": number, "/Subtype": name})
FONT_DESCRIPTOR = record(
    {
        "/Type": one_of("/FontDescriptor"),
        **dict.fromkeys(("/FontName", "/FontStretch"), name),
        **dict.fromkeys(("/FontFamily", "/CharSet"), text),
        **dict.fromkeys(("/FontWeight", "/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/Leading", "/CapHeight"), number),
        **dict.fromkeys(("/XHeight", "/StemV", "/StemH", "/AvgWidth", "/MaxWidth", "/MissingWidth"), number),
        "/FontBBox": NUMBERS,
        **dict.fromkeys(("/FontFile", "/FontFile2", "/FontFile3"), FONT_FILE),
        "/CIDSet": stream({}),
    }
)
SYSTEM_INFO = record({"/Registry": text, "/Ordering": text, "/Supplement": number})
CMAP = later("character map")
_DESCRIBED["character map"] = stream(
    {"/Type": one_of("/CMap"), "/CMapName": name, "/CIDSystemInfo": SYSTEM_INFO, "/WMode": number, "/UseCMap": either(name, CMAP)}
)
ENCODING = record({"/Type": one_of("/Encoding"), "/BaseEncoding": name, "/Differences": all_of(either(number, name))})
FONT = later("font")
_DESCRIBED["font"] = record(
    {
        "/Type": one_of("/Font"),
        "/Subtype": one_of("/Type1", "/MMType1", "/TrueType", "/Type3", "/Type0", "/CIDFontType0", "/CIDFontType2"),
        "/Name": name,
        "/BaseFont": name,
        **dict.fromkeys(("/FirstChar", "/LastChar", "/DW"), number),
        "/Widths": NUMBERS,
        "/FontDescriptor": FONT_DESCRIPTOR,
        "/Encoding": either(name, ENCODING, CMAP),
        "/ToUnicode": either(name, CMAP),
        # Of composite fonts
        "/DescendantFonts": all_of(FONT),
        "/CIDSystemInfo": SYSTEM_INFO,
        "/W": all_of(either(number, NUMBERS)),
        "/DW2": NUMBERS,
        "/W2": all_of(either(number, NUMBERS)),
        "/CIDToGIDMap": either(name, stream({})),
        # Of drawn fonts
        "/FontBBox": NUMBERS,
        "/FontMatrix": NUMBERS,
        "/CharProcs": named(drawing({})),
        "/Resources": RESOURCES,
    },
    must=("/Subtype",),
)
SHADING_FIELDS: dict[str, Kind] = {
    **dict.fromkeys(("/ShadingType", "/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/VerticesPerRow"), number),
    **dict.fromkeys(("/Background", "/BBox", "/Domain", "/Matrix", "/Coords", "/Decode"), NUMBERS),
    "/ColorSpace": colour_space,
    "/AntiAlias": boolean,
    "/Function": FUNCTIONS,
    "/Extend": all_of(boolean),
}
SHADING = either(stream(SHADING_FIELDS), record(SHADING_FIELDS))
STATE = later("graphics state")
TILING = drawing(
    {
        "/Type": one_of("/Pattern"),
        **dict.fromkeys(("/PatternType", "/PaintType", "/TilingType", "/XStep", "/YStep"), number),
        "/BBox": NUMBERS,
        "/Matrix": NUMBERS,
        "/Resources": RESOURCES,
    }
)
GRADIENT = record(
    {"/Type": one_of("/Pattern"), "/PatternType": number, "/Shading": SHADING, "/Matrix": NUMBERS, "/ExtGState": STATE}
)
SOFT_MASK = record(
    {
        "/Type": one_of("/Mask"),
        "/S": one_of("/Alpha", "/Luminosity"),
        "/G": FORM,
        "/BC": NUMBERS,
        "/TR": either(one_of("/Identity"), function),
    },
    must=("/S", "/G"),
)
_DESCRIBED["graphics state"] = record(
    {
        "/Type": one_of("/ExtGState"),
        **dict.fromkeys(("/LW", "/LC", "/LJ", "/ML", "/OPM", "/FL", "/SM", "/CA", "/ca"), number),
        **dict.fromkeys(("/OP", "/op", "/SA", "/AIS", "/TK"), boolean),
        "/D": tuple_of(NUMBERS, number),
        "/RI": name,
        "/Font": tuple_of(FONT, number),
        "/BM": either(name, all_of(name)),
        "/SMask": either(one_of("/None"), SOFT_MASK),
    }
)
_DESCRIBED["resources"] = record(
    {
        "/ProcSet": all_of(name),
        "/ColorSpace": named(colour_space),
        "/ExtGState": named(STATE),
        "/Font": named(FONT),
        "/Pattern": named(either(TILING, GRADIENT)),
        "/Properties": named(either(LAYER, LAYERS)),
        "/Shading": named(SHADING),
        "/XObject": named(x_object),
    }
)

PAGE: dict[str, Kind] = {
    "/MediaBox": box,
    "/CropBox": box,
    "/Rotate": number,
    "/UserUnit": number,
    "/Resources": RESOURCES,
    "/Group": GROUP,
}
PAGE_INHERITED = frozenset({"/MediaBox", "/CropBox", "/Rotate", "/Resources"})


def page_content(copier: Copier, value: Any) -> pikepdf.Object:
    """A page's drawing operators, in one stream."""
    parts = list(value) if isinstance(value, pikepdf.Array) else [value]
    data = b"\n".join(plain(copier, part) for part in parts if isinstance(part, pikepdf.Stream))
    if len(data) > MAX_STREAM:
        raise ContentRefused(Reason.TOO_COMPLEX)
    refuse_inline_jpegs(data)  # in all of them together: a picture may begin in one and end in the next
    new = copier.target.make_stream(b"")
    body = packed(data)
    new.write(body.data, filter=pikepdf.Name(body.filter))
    return new
