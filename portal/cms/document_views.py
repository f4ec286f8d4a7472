"""Editors' documents, as visitors get them."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents.models import Document

from portal.core.files import private_file_response


@require_safe
def serve_document(request: HttpRequest, document_id: int, filename: str) -> HttpResponseBase:
    """The document as a download, never as a page of our origin.

    A collection that was made private elsewhere stays shut: this portal has no log-in of its own for documents.
    """
    document = get_object_or_404(Document.objects.select_related("collection"), pk=document_id)
    if document.filename != filename or document.file_extension.lower() != "pdf":
        raise Http404
    if document.collection.get_view_restrictions().exists() or not document.file.storage.exists(document.file.name):
        raise Http404
    return private_file_response(document.file, filename=document.filename, content_type="application/pdf")
