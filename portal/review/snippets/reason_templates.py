"""退補事由範本 in the admin: editors prepare what officers often ask for, without a release."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail's constructors carry no types, and a viewset's options begin as None and take anything.

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn

from portal.cms.snippet_views import EditorialViewSet

from ..admin import all_kinds
from ..models import ReasonTemplate
from .added_slots import KindsColumn, kind_choices


def place_choices() -> list[tuple[str, str]]:
    """Every field and document of every kind, once; what several kinds have under one code is one place."""
    fields: dict[str, str] = {}
    papers: dict[str, str] = {}
    for kind in all_kinds():
        fields |= {name: str(field.label) for name, field in kind.form.base_fields.items()}  # type: ignore[attr-defined]
        papers |= {slot.field_name: f"文件：{slot.label}" for slot in kind.documents}
    return [("", "不註記，只寫在審核意見"), *fields.items(), *papers.items()]


class ReasonTemplateForm(WagtailAdminModelForm):
    """Kinds are ticked, the place is picked from those that forms have."""

    kinds = forms.MultipleChoiceField(
        label="申請類別",
        choices=kind_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾選則適用所有申請類別。",
    )
    on = forms.ChoiceField(
        label="註記位置", choices=place_choices, required=False, help_text="帶入時，這段文字也會註記在該欄位或文件旁。"
    )


class ReasonTemplateViewSet(EditorialViewSet):
    """退補事由範本."""

    model = ReasonTemplate
    icon = "form"
    menu_order = 235
    add_to_admin_menu = True
    list_display = ("name", KindsColumn("kinds", label="申請類別"), LiveStatusTagColumn(label="狀態"))
    list_filter = ("live",)
    search_fields = ("name", "text")
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel("發布後，審查人員退補案件時即可勾選；帶入後可再修改，修改只影響該案。", heading="用途"),
            FieldPanel("name"),
            FieldPanel("text"),
            MultiFieldPanel([FieldPanel("kinds"), FieldPanel("on")], heading="適用範圍"),
        ],
        base_form_class=ReasonTemplateForm,
    )
