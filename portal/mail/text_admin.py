"""通知信文字 in the admin: editors word the emails about cases and payments, without a release."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail's constructors carry no types, and a viewset's options begin as None and take anything.

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import LiveStatusTagColumn

from portal.cms.snippet_views import EditorialViewSet

from . import placeholders
from .models import EmailText

SHIPPED = "主旨與內容都不填，這個語言就使用系統原有的文字。"
LANGUAGES = ("", "_en", "_zh_hans")


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in placeholders.all_kinds()]


class EmailTextForm(WagtailAdminModelForm):
    """Each language is whole or empty, and uses the placeholders of its email alone."""

    kind = forms.ChoiceField(label="信件", choices=kind_choices)

    def clean(self) -> Any:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        kind = placeholders.get(said.get("kind", ""))
        for suffix in LANGUAGES if kind else ():
            subject, text = (said.get(f"{field}{suffix}", "").strip() for field in ("subject", "text"))
            if not subject and not text:
                continue
            for field, value in (("subject", subject), ("text", text)):
                if not value and f"{field}{suffix}" not in self.errors:
                    self.add_error(f"{field}{suffix}", "主旨與內容須一起填寫。")
            if subject and text and kind:
                for field, fault in kind.faults(subject, text):
                    self.add_error(f"{field}{suffix}", fault)
        return said


class PlaceholdersPanel(HelpPanel):
    """What each email knows."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> Any:
            return {**super().get_context_data(parent_context), "kinds": placeholders.all_kinds()}


class EmailTextViewSet(EditorialViewSet):
    """通知信文字: unpublished, the email goes out as it was shipped."""

    model = EmailText
    icon = "mail"
    menu_order = 240
    add_to_admin_menu = True
    list_display = ("__str__", LiveStatusTagColumn(label="狀態"))
    list_filter = ("live",)
    search_fields = ("subject", "text")
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            PlaceholdersPanel(heading="可使用的欄位", template="portal/mail/previews/placeholders.html"),
            MultiFieldPanel([FieldPanel("subject"), FieldPanel("text")], heading="正體中文", help_text=SHIPPED),
            MultiFieldPanel([FieldPanel("subject_en"), FieldPanel("text_en")], heading="English", help_text=SHIPPED),
            MultiFieldPanel([FieldPanel("subject_zh_hans"), FieldPanel("text_zh_hans")], heading="简体中文", help_text=SHIPPED),
        ],
        base_form_class=EmailTextForm,
    )
