"""Whoever changes what a paper looks like counts its template version on, and says so here."""

import hashlib
from pathlib import Path

from portal.downloads.papers import TEMPLATE_VERSION

SOURCES = [
    *sorted(Path("templates/portal/downloads").glob("permit_base.html")),
    *sorted(Path("templates/portal/downloads").glob("receipt.html")),
    Path("templates/portal/downloads/proof.html"),
    Path("templates/portal/downloads/foot.html"),
    *sorted(Path("templates/portal/china_student").glob("permit*.html")),
    *sorted(Path("static/portal/pdf").iterdir()),
]
VERSIONS = {"3": "874c2aa74f68cd6e4700c64972a74907fae92877f85527c5ab94b32a249a7c72"}


def test_the_version_is_that_of_these_sources() -> None:
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()

    assert {TEMPLATE_VERSION: digest} == VERSIONS
