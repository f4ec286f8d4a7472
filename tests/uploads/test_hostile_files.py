"""Every hostile file of tests/hostile_files: what is kept of it is read by a reader that knows nothing of the cleaner."""

import io
import struct
from pathlib import PurePath

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.uploads.decoder import ccitt, jbig2, jpx
from portal.uploads.decoder.problems import ContentRefused, Reason
from portal.uploads.decoder.worker import JOBS, answer
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import clean_upload
from portal.uploads.screening import screen
from tests.hostile_files import scans, walker
from tests.hostile_files.bombs import BOMBS
from tests.hostile_files.carriers import CARRIERS, MARK
from tests.hostile_files.inline import BEGINNINGS, FILTERS, INLINE, drawing, on_the_page, picture

# What a sender of these may be said; no other refusal is a clear message.
CLEAR = {FileProblem.DAMAGED, FileProblem.TOO_BIG, FileProblem.TOO_COMPLEX}


def kept(name: str, content: bytes) -> bytes:
    """The bytes that the decoder would have kept, decoded in this process: hundreds of processes would take minutes."""
    document = PurePath(name).suffix == ".pdf"
    said, cleaned = answer(JOBS["document"], content, {}) if document else answer(JOBS["picture"], content, {"photo": False})
    assert "refused" not in said
    return cleaned


def faults(content: bytes) -> list[str]:
    return walker.faults_of_pdf(content) if content.startswith(b"%PDF-") else walker.faults_of_jpeg(content)


def test_there_are_enough_of_them() -> None:
    assert len(BOMBS) >= 60
    assert len(CARRIERS) >= 200


@pytest.mark.parametrize("name", CARRIERS)
def test_nothing_active_and_nothing_hidden_is_kept(name: str) -> None:
    cleaned = kept(*CARRIERS[name]())
    assert faults(cleaned) == []
    assert [text for text in walker.texts(cleaned) if MARK in text] == []


@pytest.mark.parametrize("name", INLINE)
def test_a_picture_between_drawing_operators_is_refused(name: str) -> None:
    assert answer(JOBS["document"], INLINE[name]()[1], {})[0] == {"refused": "too_complex"}


@pytest.mark.parametrize(
    "drawn",
    [
        picture(BEGINNINGS["plain"], b"", bytes(64 * 64 * 3)),
        picture(BEGINNINGS["a comment behind"], b"/F/AHx", b"00" * 64 * 64 * 3 + b">"),
        b"/DCT Do BT (BIRTH) Tj ET",
        b"BT (BIRTH) Tj ET /DCT1 Do /DCTDecoded Do /CCFa Do",
    ],
    ids=["raw", "hexadecimal", "names before", "other names"],
)
def test_other_drawing_is_kept_as_it_is(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(kept(*drawing(on_the_page, drawn)))) as pdf:
        assert pdf.pages[0].obj.Contents.read_bytes() == drawn


@pytest.mark.parametrize(
    "behind", [MARK, b"\xff" + MARK, bytes(9) + MARK, scans.fax() + MARK], ids=["text", "ones", "zeros", "rows"]
)
@pytest.mark.parametrize("bits", range(8))
def test_a_fax_is_kept_to_the_byte_that_holds_its_mark_of_the_end(bits: int, behind: bytes) -> None:
    picture = scans.shifted(scans.fax(), bits).rstrip(b"\0")
    assert ccitt.without_what_follows(picture + behind, aligned=False) == picture


def test_a_fax_without_a_mark_or_with_padded_rows_is_kept_as_it_came() -> None:
    assert ccitt.without_what_follows(scans.fax("group3"), aligned=False) == scans.fax("group3")
    assert ccitt.without_what_follows(scans.fax() + MARK, aligned=True) == scans.fax() + MARK


def test_jbig2_is_kept_to_the_byte_without_its_comments() -> None:
    kept_, came = scans.jbig2(), dict(scans.jbig2_pictures(MARK))
    assert {name for name, data in came.items() if jbig2.without_metadata(data) != kept_} == {"text behind an unknown length"}
    assert jbig2.without_metadata(came["text behind an unknown length"]) == scans.jbig2(region=scans.unknown_length())
    assert jbig2.without_metadata(scans.jbig2_shared() + MARK, shared=True) == scans.jbig2_shared()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.DAMAGED),
        (MARK, Reason.DAMAGED),
        (scans.jbig2()[:-9], Reason.DAMAGED),
        (scans.jbig2(region=b""), Reason.DAMAGED),
        (scans.jbig2(before=scans.jbig2_segment(0, 48, struct.pack(">II", 30_001, 1) + bytes(11))), Reason.TOO_MANY_PIXELS),
        (scans.jbig2(region=scans.jbig2_segment(3, 38, struct.pack(">II", 20_000, 20_000) + bytes(20))), Reason.TOO_MANY_PIXELS),
        (scans.jbig2(before=scans.jbig2_segment(0, 61, b"") * 20_000), Reason.TOO_COMPLEX),
    ],
    ids=["nothing", "no segment", "cut short", "no region", "a long page", "a large region", "20000 segments"],
)
def test_jbig2_that_is_none_or_too_much_is_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(ContentRefused) as refused:
        jbig2.without_metadata(data)
    assert refused.value.reason is reason


@pytest.mark.parametrize("name", [name for name, _ in scans.jpx_pictures(MARK)])
def test_jpeg_2000_is_kept_to_the_byte_without_what_it_carried(name: str) -> None:
    cleaned = jpx.without_metadata(dict(scans.jpx_pictures(MARK))[name])
    plain = jpx.without_metadata(scans.jp2() if cleaned.startswith(jpx.SIGNATURE) else scans.codestream())
    assert cleaned == plain
    assert Image.open(io.BytesIO(cleaned)).tobytes() == Image.open(io.BytesIO(scans.jp2())).tobytes()


# Of each kind of hiding place; in the inline pictures, as far as they are not written as digits.
CONTROLS = [
    *[name for name in CARRIERS if "pdf" in name][::17],
    *[name for name in CARRIERS if "JPEG 2000" in name or "JBIG2" in name or "fax" in name],
    *[f"pdf, inline, {name}" for name in BEGINNINGS],
    *[f"pdf, inline, filter {name}" for name in FILTERS],
    "jpeg, comment",
]


@pytest.mark.parametrize("name", CONTROLS)
def test_the_walker_finds_it_in_the_file_that_came(name: str) -> None:
    assert faults({**CARRIERS, **INLINE}[name]()[1])


# Refused from the header alone, in the web process.
AT_ONCE = {
    "png, longer": FileProblem.TOO_BIG,
    "png of 3600 million pixels": FileProblem.TOO_BIG,
    "png of the largest sides": FileProblem.TOO_BIG,
    "png of 49 million pixels, depth 16, colour type 2": FileProblem.TOO_BIG,
    "png of 49 million pixels, depth 16, colour type 6": FileProblem.TOO_BIG,
    "png of empty chunks": FileProblem.TOO_COMPLEX,
    "jpeg of 101 scans": FileProblem.TOO_COMPLEX,
    "jpeg of 10000 scans": FileProblem.TOO_COMPLEX,
    "jpeg that says 65500 x 65500": FileProblem.TOO_BIG,
    "jpeg of four colours and 49 million pixels": FileProblem.TOO_BIG,
    "jpeg without height": FileProblem.DAMAGED,
    "jpeg, lossless": FileProblem.TOO_COMPLEX,
    "jpeg, hierarchical": FileProblem.TOO_COMPLEX,
    "jpeg, arithmetic": FileProblem.TOO_COMPLEX,
    "jpeg, arithmetic progressive": FileProblem.TOO_COMPLEX,
    "jpeg of fill bytes": FileProblem.TOO_COMPLEX,
    "jpeg of empty segments": FileProblem.TOO_COMPLEX,
    "bmp, run length of 100 million pixels": FileProblem.TOO_BIG,
    "bmp that says 30000 x 30000": FileProblem.TOO_BIG,
    "bmp that says minus 7000": FileProblem.DAMAGED,
    "bmp of the largest sides": FileProblem.TOO_BIG,
    "pdf, 10 flate filters": FileProblem.TOO_COMPLEX,
    "pdf, 5000 revisions": FileProblem.TOO_COMPLEX,
    "pdf, objects without end": FileProblem.TOO_COMPLEX,
}


@pytest.mark.parametrize(("name", "problem"), AT_ONCE.items())
def test_refused_without_decoding(name: str, problem: FileProblem) -> None:
    with pytest.raises(FileRefused) as refused:
        screen(BOMBS[name]()[1])
    assert refused.value.reason is problem


@pytest.mark.parametrize(
    "name",
    [
        "png with eight gigabytes for a hundred pixels",
        "jpeg of 90 scans and 49 million pixels",
        "pdf, two flate filters, three times",
        "pdf, an object stream of two gigabytes",
        "pdf, forms of forms, deep",
        "pdf, arrays of twice an array",
        "pdf, inline pictures",
    ],
)
def test_a_bomb_is_refused_with_a_clear_message_or_made_harmless(name: str) -> None:
    assert outcome(*BOMBS[name]()) in {*CLEAR, "harmless"}


def outcome(name: str, content: bytes) -> str:
    """Why the file was refused, or what is kept of it."""
    try:
        cleaned = clean_upload(SimpleUploadedFile(name, content), photo=False, sender=1)
    except FileRefused as refused:
        return refused.reason
    return "; ".join(faults(cleaned.content)) or "harmless"
