"""PDF/UA-1 and PDF/A-2a by other people's eyes and by the conditions themselves, on the papers as they are issued.

`outloud` is the strictest checker of PDF/UA that the registries have: its rules are veraPDF's, and it names the conditions of the
Matterhorn Protocol. Nothing there checks PDF/A-2: what follows reads back the conditions of ISO 19005-2 that ours could break.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from portal.pdf.signing import FIELD_LABEL

from .test_standards import elements, paper  # noqa: F401  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# The widget of the signature stands off the page, where ISO 14289-1 7.18.1 and 7.18.4 ask nothing of it; outloud does not look.
OFF_THE_PAGE = "FRM-003"
# No standard's: a page is painted in another order than it is read; the grid for stamps is empty.
REMARKS = {"ORD-001", "TBL-012"}
PAINTS = frozenset({"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI"})
# What the structure tree may be made of, and below what (ISO 32000-1, 14.8.4).
BELOW = {"/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/LI": {"/L"}, "/LBody": {"/LI"}}
STANDARD = {"/Document", "/Div", "/Sect", "/P", "/Span", "/H1", "/H2", "/Figure", "/NonStruct", "/L", "/Lbl", *BELOW} | {
    each for parents in BELOW.values() for each in parents
}


def judged(content: bytes, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What outloud finds: the severity by its rule; and how each checkpoint of the Matterhorn Protocol stands."""
    path = folder / "paper.pdf"
    path.write_bytes(content)
    command = [sys.executable, "-c", "from outloud.cli import main; main()", str(path), "--json", "-", "--skip", OFF_THE_PAGE]
    said = subprocess.run(command, check=False, capture_output=True, text=True)
    (result,) = json.loads(said.stdout)["results"]
    assert result["error"] is None
    found = {each["rule"]: each["severity"] for each in result["findings"]}
    return found, {each["id"]: each["status"] for each in result["criteria"]["pdfua1"]}


def test_the_strictest_checker_finds_nothing(paper: bytes, tmp_path: Path) -> None:  # noqa: F811
    found, checkpoints = judged(paper, tmp_path)

    assert {rule for rule, severity in found.items() if severity == "error"} == set()
    assert found.keys() <= REMARKS
    assert "fail" not in checkpoints.values()
    assert [checkpoints[each] for each in ("01", "06", "07", "11", "13", "14", "15", "31")] == ["pass"] * 8


def without_language(made: pikepdf.Pdf) -> None:
    del made.Root.Lang


def without_alternatives(made: pikepdf.Pdf) -> None:
    for each in elements(made.Root.StructTreeRoot):
        if each["/S"] == "/Figure":
            del each["/Alt"]


def without_title(made: pikepdf.Pdf) -> None:
    made.Root.ViewerPreferences.DisplayDocTitle = False


def without_tags(made: pikepdf.Pdf) -> None:
    del made.Root.StructTreeRoot


@pytest.mark.parametrize(
    ("spoil", "checkpoint"),
    [
        (without_language, "11"),
        (without_alternatives, "13"),
        (without_title, "07"),
        (without_tags, "01"),
    ],
)
def test_it_sees_what_is_wrong(paper: bytes, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None], checkpoint: str) -> None:  # noqa: F811
    out = BytesIO()
    with pikepdf.open(BytesIO(paper)) as made:
        spoil(made)
        made.save(out)

    _found, checkpoints = judged(out.getvalue(), tmp_path)

    assert checkpoints[checkpoint] != "pass"


# -- the conditions, read back ------------------------------------------------------------------------


@pytest.fixture
def opened(paper: bytes) -> Iterator[pikepdf.Pdf]:  # noqa: F811
    with pikepdf.open(BytesIO(paper)) as made:
        yield made


def marked(page: pikepdf.Page) -> Iterator[tuple[str, int | None]]:
    """Each operator that paints, with the tag around it: an MCID, -1 for an artifact, None for neither."""
    around: list[int | None] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BMC", "BDC"}:
            mcid = operands[1].get("/MCID") if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else None
            around.append(-1 if operands[0] == "/Artifact" else None if mcid is None else int(mcid))
        elif name == "EMC":
            around.pop()
        elif name in PAINTS:
            yield name, next((each for each in reversed(around) if each is not None), None)
    assert around == []


def mcids(node: pikepdf.Object) -> Iterator[int]:
    below = node.get("/K", [])
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(child, int):
            yield child
        elif child.get("/Type") == "/MCR":
            yield int(child.MCID)


def test_all_that_is_painted_is_tagged_or_an_artifact(opened: pikepdf.Pdf) -> None:
    """Matterhorn 01-001 to 01-007: and every tag of the page has its place in the tree, once."""
    (page,) = opened.pages
    painted = list(marked(page))
    in_tree = [mcid for each in elements(opened.Root.StructTreeRoot) for mcid in mcids(each)]

    assert [each for each in painted if each[1] is None] == []
    assert {mcid for _name, mcid in painted if mcid != -1} <= set(in_tree)
    assert len(in_tree) == len(set(in_tree))
    assert opened.Root.MarkInfo.get("/Suspects", False) is False


def test_the_tree_is_built_as_the_standard_says(opened: pikepdf.Pdf) -> None:
    """Matterhorn 02, 09, 14 and 15: standard types, nested as they may be; no level of heading is left out."""
    assert "/RoleMap" not in opened.Root.StructTreeRoot
    levels = []
    for each in elements(opened.Root.StructTreeRoot):
        kind = str(each["/S"])
        assert kind in STANDARD
        assert str(each["/P"].get("/S", "/StructTreeRoot")) in BELOW.get(kind, {str(each["/P"].get("/S", "/StructTreeRoot"))})
        levels += [int(kind[2])] if kind[:2] == "/H" else []
        assert "/Lang" not in each or str(each["/Lang"]) == "en"
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_metadata_and_information_say_the_same(opened: pikepdf.Pdf) -> None:
    """ISO 19005-2, 6.6.3, and Matterhorn 06."""
    meta, info = opened.open_metadata(), opened.docinfo

    assert meta["dc:title"] == str(info["/Title"])
    assert meta["dc:creator"] == [str(info["/Author"])]
    assert meta["dc:description"] == str(info["/Subject"])
    assert meta["xmp:CreatorTool"] == str(info["/Creator"])
    assert meta["pdf:Producer"] == str(info["/Producer"])
    assert meta["xmp:CreateDate"].replace("-", "") == str(info["/CreationDate"])[2:]


def test_the_signature_says_what_it_is(opened: pikepdf.Pdf) -> None:
    """Matterhorn 28-005; ISO 19005-2, 6.4.1: no appearance is left to the reader, and no form of another kind."""
    (field,) = opened.Root.AcroForm.Fields

    assert str(field["/TU"]) == FIELD_LABEL
    assert opened.Root.AcroForm.get("/NeedAppearances", False) is False
    assert "/XFA" not in opened.Root.AcroForm


def test_colours_are_those_of_the_profile_that_is_named(opened: pikepdf.Pdf) -> None:
    """ISO 19005-2, 6.2.3 and 6.2.4: RGB, which the output intent says, and grey; nothing of a press."""
    (intent,) = opened.Root.OutputIntents
    (page,) = opened.pages
    operators = {str(operator) for _operands, operator in pikepdf.parse_content_stream(page)}
    spaces: set[Any] = {each.get("/ColorSpace") for each in opened.objects if isinstance(each, pikepdf.Stream)}

    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[16:20] == b"RGB "
    assert not operators & {"k", "K", "ri"}
    assert {str(each) for each in spaces if isinstance(each, pikepdf.Name)} <= {"/DeviceRGB", "/DeviceGray"}


def test_fonts_are_whole_and_can_be_read_back(opened: pikepdf.Pdf) -> None:
    """ISO 19005-2, 6.2.11, and Matterhorn 31: embedded, with their widths, each code with the character that it means."""
    fonts: list[Any] = [
        each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Type0"
    ]

    assert fonts
    for font in fonts:
        (descendant,) = font.DescendantFonts
        descriptor = descendant.FontDescriptor
        assert font.Encoding == "/Identity-H"
        assert b"beginbfchar" in font.ToUnicode.read_bytes()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
        assert descendant.get("/CIDToGIDMap", "/Identity") == "/Identity"
        assert "/W" in descendant
        assert str(font.BaseFont)[7] == "+"


def test_the_file_is_written_as_an_archive_wants_it(paper: bytes) -> None:  # noqa: F811
    """ISO 19005-2, 6.1.2 and 6.1.3: the header at the first byte, four bytes above 127 in the next line, an identifier."""
    header, comment = paper.split(b"\n", 2)[:2]

    assert header == b"%PDF-1.7"
    assert comment[:1] == b"%"
    assert len(comment) >= 5
    assert all(byte > 127 for byte in comment[1:5])
    assert paper.rstrip().endswith(b"%%EOF")
