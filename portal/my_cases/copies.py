"""申請書副本: the application as its case keeps it, on paper; made when it is asked for, and not kept."""

from typing import Any, Final

from portal.cases.models import Case, Document
from portal.cases.queries import current_documents
from portal.forms.presentation import sections
from portal.pdf.characters import described, spelled_out

TEMPLATE: Final = "portal/my_cases/application_copy.html"


class Undrawable(Exception):
    """The case keeps characters that no paper shows; the text names them."""


def draw(case: Case, *, language: str) -> bytes:
    """The copy as PDF, its labels in that language. Raises Undrawable."""
    from portal.pdf import (
        rendering as pdf,  # WeasyPrint takes most of a second to load: not at each start of a development server
    )

    try:
        return pdf.render(TEMPLATE, copy_context(case), language=language, one_page=False)
    except pdf.GlyphMissing as missing:
        raise Undrawable(described(missing.characters)) from missing


def copy_context(case: Case) -> dict[str, Any]:
    """What stands on the copy: what was answered last, and when that was."""
    return {
        "case": case,
        "sections": sections(case.kind, case.answers),
        "documents": [(document, _name(document)) for document in current_documents(case)],
        "revision": case.revisions.last(),
    }


def _name(document: Document) -> str:
    """A file's name is the student's own: whatever no paper shows of it is spelled out."""
    return spelled_out(document.original_name)
