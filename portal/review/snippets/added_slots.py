"""加附文件 in the admin: editors add a document to kinds of application, without a release."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail's constructors carry no types, and a viewset's options begin as None and take anything.

from typing import Any

from django import forms
from django.utils.formats import date_format
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn

from portal.cases.models import AddedSlot
from portal.cms.snippet_views import EditorialViewSet
from portal.core import categories

from ..admin import all_kinds
from ..forms import printable

TRANSLATION = "不填則顯示正體中文。"


def kind_choices() -> list[tuple[str, str]]:
    """Every kind by its key, called by its category and its name."""
    return [(kind.key, f"{categories.get(kind.category).name}：{kind.name}") for kind in all_kinds()]


class AddedSlotForm(WagtailAdminModelForm):
    """The kinds are ticked; a name has to be printable, for it stands on 申請書副本."""

    kinds = forms.MultipleChoiceField(
        label="申請類別",
        choices=kind_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="這份文件會加在所勾選類別的申請書上。",
        error_messages={"required": "請至少勾選一個申請類別。"},
    )

    def clean_label(self) -> str:
        return printable("文件名稱", self.cleaned_data["label"])

    def clean_label_en(self) -> str:
        return printable("文件名稱（English）", self.cleaned_data["label_en"])

    def clean_label_zh_hans(self) -> str:
        return printable("文件名稱（简体中文）", self.cleaned_data["label_zh_hans"])


class KindsColumn(Column):
    """The names of the kinds that ask for the document."""

    def get_value(self, instance: AddedSlot) -> str:
        return "、".join(str(kind.name) for kind in all_kinds() if kind.key in instance.kinds)


class DayColumn(Column):
    """A day, or that there is none."""

    def get_value(self, instance: AddedSlot) -> Any:
        day = super().get_value(instance)
        return date_format(day, "Y/m/d") if day else "—"


class AddedSlotViewSet(EditorialViewSet):
    """加附文件: taken off by unpublishing or by its last day; the history of what was asked for stays."""

    model = AddedSlot
    icon = "doc-full"
    menu_order = 230
    add_to_admin_menu = True
    list_display = (
        "label",
        KindsColumn("kinds", label="申請類別"),
        LiveStatusTagColumn(label="狀態"),
        DayColumn("starts_on", label="開始日", sort_key="starts_on"),
        DayColumn("ends_on", label="結束日", sort_key="ends_on"),
    )
    list_filter = ("live", "required")
    search_fields = ("label",)
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(
                "發布後，所勾選類別的申請書立即多出這份文件；還沒送出的申請也要檢附。"
                "已送出的案件保留送件時的文件，不受新增、修改或取消發布影響。",
                heading="適用的案件",
            ),
            FieldPanel("kinds"),
            MultiFieldPanel([FieldPanel("required"), FieldPanel("max_files")], heading="要求"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")], heading="期間"),
            MultiFieldPanel([FieldPanel("label"), FieldPanel("help")], heading="正體中文"),
            MultiFieldPanel([FieldPanel("label_en"), FieldPanel("help_en")], heading="English", help_text=TRANSLATION),
            MultiFieldPanel([FieldPanel("label_zh_hans"), FieldPanel("help_zh_hans")], heading="简体中文", help_text=TRANSLATION),
        ],
        base_form_class=AddedSlotForm,
    )
