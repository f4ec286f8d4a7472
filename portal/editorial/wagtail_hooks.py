"""What editors keep in the admin beside the pages: 公告, 引導文字, 使用聲明事項."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# A viewset's options are class attributes that begin as None and take anything.

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet

from portal.cms.snippet_views import EditorialViewSet

from .declaration import Declaration
from .snippets import Announcement, Guidance


class MomentColumn(Column):
    """Day and time: Wagtail's own column tells how long ago it was, which says nothing of a time to come."""

    def get_value(self, instance: Announcement) -> Any:
        moment = super().get_value(instance)
        return date_format(localtime(moment), "Y/m/d H:i") if moment else "—"


class AnnouncementViewSet(EditorialViewSet):
    """公告: the newest first."""

    model = Announcement
    icon = "warning"
    menu_order = 200
    add_to_admin_menu = True
    list_display = (
        "title",
        Column("get_level_display", label="重要性", sort_key="level"),
        Column("get_scope_display", label="顯示範圍", sort_key="scope"),
        LiveStatusTagColumn(label="狀態"),
        MomentColumn("starts_at", label="開始"),
        MomentColumn("expire_at", label="結束", sort_key="expire_at"),
    )
    list_filter = ("level", "scope", "live")
    search_fields = ("title", "text")
    ordering = ("-pk",)


class GuidanceViewSet(EditorialViewSet):
    """引導文字: one row a place."""

    model = Guidance
    icon = "openquote"
    menu_order = 210
    add_to_admin_menu = True
    list_display = (
        "__str__",
        Column("excerpt", label="文字"),
        LiveStatusTagColumn(label="狀態"),
        UpdatedAtColumn(label="更新時間"),
    )
    list_filter = ("live",)
    search_fields = ("text",)
    ordering = ("pk",)  # the order in which a student meets them, as they are seeded
    list_per_page = 50
    copy_view_enabled = False


class DeclarationViewSet(EditorialViewSet):
    """使用聲明事項: one text for each category of students."""

    model = Declaration
    icon = "clipboard-list"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ("__str__", LiveStatusTagColumn(label="狀態"), UpdatedAtColumn(label="更新時間"))
    copy_view_enabled = False


register_snippet(AnnouncementViewSet)
register_snippet(GuidanceViewSet)
register_snippet(DeclarationViewSet)
