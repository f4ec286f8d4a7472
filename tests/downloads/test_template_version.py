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
VERSIONS = {"2": "c18c423ce397786cdd93e1224fa07651831f3fcbea9739010576c09c4eb6de4c"}


def test_the_version_is_that_of_these_sources() -> None:
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()

    assert {TEMPLATE_VERSION: digest} == VERSIONS
