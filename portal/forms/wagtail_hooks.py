"""使用聲明事項 in the admin."""
# mypy: disable-error-code="assignment"
# A viewset's options are class attributes that begin as None and take anything.

from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .declaration import Declaration


class DeclarationViewSet(SnippetViewSet):
    """使用聲明事項: one text for each category of students."""

    model = Declaration
    icon = "clipboard-list"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ("__str__", LiveStatusTagColumn(label="狀態"), UpdatedAtColumn(label="更新時間"))
    copy_view_enabled = False


register_snippet(DeclarationViewSet)
