"""不予核准原因 in the admin: the agency words the law's grounds, without a release."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail's constructors carry no types, and a viewset's options begin as None and take anything.

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn

from portal.cases.reasons.models import RefusalGround
from portal.cms.snippet_views import EditorialViewSet

from .added_slots import TRANSLATION, KindsColumn, kind_choices


class RefusalGroundForm(WagtailAdminModelForm):
    """The kinds are ticked."""

    kinds = forms.MultipleChoiceField(
        label="申請類別",
        choices=kind_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾選則適用所有申請類別。",
    )


class RefusalGroundViewSet(EditorialViewSet):
    """不予核准原因: taken off by unpublishing; cases that were refused keep their words."""

    model = RefusalGround
    icon = "cross"
    menu_order = 236
    add_to_admin_menu = True
    list_display = ("label", "law", KindsColumn("kinds", label="申請類別"), LiveStatusTagColumn(label="狀態"))
    list_filter = ("live",)
    search_fields = ("label", "law", "code")
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(
                "審查人員不予核准時，從已發布的原因選一項；原因與法令依據會寫在通知信與案件上。"
                "已不予核准的案件保留當時的文字，不受修改或取消發布影響。",
                heading="用在哪裡",
            ),
            FieldRowPanel([FieldPanel("code"), FieldPanel("order")]),
            FieldPanel("kinds"),
            MultiFieldPanel([FieldPanel("label"), FieldPanel("law")], heading="正體中文"),
            MultiFieldPanel([FieldPanel("label_en"), FieldPanel("law_en")], heading="English", help_text=TRANSLATION),
            MultiFieldPanel([FieldPanel("label_zh_hans"), FieldPanel("law_zh_hans")], heading="简体中文", help_text=TRANSLATION),
        ],
        base_form_class=RefusalGroundForm,
    )
