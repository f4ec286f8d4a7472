"""What Wagtail's admin learns from core."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page

from . import accessibility, admin_api


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def refuse_to_publish_faults(request: HttpRequest, action: str, pages: Iterable[Any], view: Any) -> HttpResponse | None:
    """Publishing many at once goes past the page's form: drafts with faults are named, and nothing is published."""
    if action != "publish" or view.model is not Page:
        return None
    drafts = [draft.get_latest_revision_as_object() for page in pages for draft in page.get_descendants(inclusive=True)]
    if not (faulty := [draft.title for draft in drafts if accessibility.faults(draft)]):
        return None
    messages.error(request, f"沒有發布：「{'」「'.join(faulty)}」未通過無障礙檢查，請逐頁開啟並發布，即可看到說明。")
    return redirect("wagtailadmin_explore", drafts[0].get_parent().pk)


@hooks.register("construct_admin_api", order=1000)  # type: ignore[untyped-decorator]  # after those that add endpoints
def declared_parameters(router: Any) -> None:
    admin_api.read_declared_only(router)
