"""Every hostile file of tests/hostile_files: what is kept of it is walked by a reader that knows nothing of the cleaner."""

from pathlib import PurePath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.uploads.decoder.worker import JOBS, answer
from portal.uploads.file_problems import FileProblem, FileRefused
from portal.uploads.files import clean_upload
from portal.uploads.screening import screen
from tests.hostile_files import walker
from tests.hostile_files.bombs import BOMBS
from tests.hostile_files.carriers import CARRIERS, MARK

# What a sender of these may be told; no other refusal is a clear message.
CLEAR = {FileProblem.DAMAGED, FileProblem.TOO_BIG, FileProblem.TOO_COMPLEX}


def kept(name: str, content: bytes) -> bytes:
    """The bytes that the decoder would have kept, decoded in this process: hundreds of processes would take minutes."""
    document = PurePath(name).suffix == ".pdf"
    told, cleaned = answer(JOBS["document"], content, {}) if document else answer(JOBS["picture"], content, {"photo": False})
    assert "refused" not in told
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


@pytest.mark.parametrize("name", [*[name for name in CARRIERS if "pdf" in name][::17], "jpeg, comment"])
def test_the_walker_finds_it_in_the_file_that_came(name: str) -> None:
    assert faults(CARRIERS[name]()[1])


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
