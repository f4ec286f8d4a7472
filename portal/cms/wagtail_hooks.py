"""What Wagtail's admin learns from core."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views import generic
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.contrib.redirects import views as redirects
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from . import accessibility, admin_api, admin_labels, admin_widgets  # noqa: F401  # puts them in their places
from .model_admin import exports
from .page_admin import bulk_actions, page_search  # noqa: F401  # so are these
from .page_forms import taken_address


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


@hooks.register("before_move_page")  # type: ignore[untyped-decorator]
def refuse_to_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """To where its address is another part of the portal: moving goes past the page's form, too."""
    if not (wrong := taken_address(page.slug, destination)):
        return None
    messages.error(request, f"沒有移動「{page.title}」：{wrong}")
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def refuse_to_move_many(request: HttpRequest, action: str, pages: Iterable[Any], view: Any) -> HttpResponse | None:
    if action != "move" or view.model is not Page:
        return None
    answers = (refuse_to_move(request, page, view.cleaned_form.cleaned_data["chooser"]) for page in pages)
    return next((answer for answer in answers if answer), None)


@hooks.register("register_rich_text_features", order=1000)  # type: ignore[untyped-decorator]  # after Wagtail's
def link_to_what_is_published(features: FeatureRegistry) -> None:
    features.register_link_type(PublishedPageLinks)


@hooks.register("construct_admin_api", order=1000)  # type: ignore[untyped-decorator]  # after those that add endpoints
def declared_parameters(router: Any) -> None:
    admin_api.read_declared_only(router)


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def style_lists() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin.css"))


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]
def start_widgets() -> SafeString:
    return format_html('<script src="{}"></script>', static("portal/js/admin-widgets.js"))


@hooks.register("construct_admin_api", order=900)  # type: ignore[untyped-decorator]  # after Wagtail's, before those above
def name_no_original(router: Any) -> None:
    """In the place of Wagtail's, which tells the address of an original; it has none."""
    router.register_endpoint("images", PicturesEndpoint)


@hooks.register("construct_help_menu")  # type: ignore[untyped-decorator]
def hide_foreign_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """說明 holds the keyboard shortcuts; Wagtail's news and guide are English pages of another site."""
    items[:] = [item for item in items if not item.url.startswith("https://")]


class PublishedPageLinks(PageLinkHandler):
    """Links in texts to pages of the site: of a page that was taken off only the words are left, until it is back."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        found: list[Any] = cls.get_many(attrs_list)
        pages = [page and page.localized for page in found]
        return [format_html('<a href="{}">', page.url) if page and page.live and page.url else "<a>" for page in pages]


class PicturesEndpoint(ImagesAdminAPIViewSet):
    """Pictures of the admin's API, by their thumbnails."""

    meta_fields = [name for name in ImagesAdminAPIViewSet.meta_fields if name != "download_url"]
    listing_default_fields = [name for name in ImagesAdminAPIViewSet.listing_default_fields if name != "download_url"]
    nested_default_fields = [name for name in ImagesAdminAPIViewSet.nested_default_fields if name != "download_url"]


# 個人頭像: pictures that nobody needs, decoded in the web worker and kept in public.
AvatarSettingsPanel.is_active = lambda panel: False  # type: ignore[method-assign]
# Without its button 匯入, whose address is closed (core.middleware).
redirects.IndexView.header_more_buttons = generic.IndexView.header_more_buttons  # type: ignore[method-assign]
exports.install()
