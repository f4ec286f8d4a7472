"""Labels of Wagtail's own forms that it never marked for translation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.forms.workflows import WorkflowContentTypeForm, WorkflowPageForm
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.sites.views import IndexView

# Columns of the list of sites.
_COLUMNS = {"port": _("連接埠"), "site_name": _("網站名稱"), "root_page": _("根頁面")}
for _column in IndexView.columns:
    if _column.name in _COLUMNS:
        _column.label = _COLUMNS[_column.name]
# Fields of Wagtail's that are labelled by their English names.
_LINK_TEXT = {"link_text": _("連結文字")}
_LABELS: dict[Any, dict[str, Any]] = {
    LoginForm: {"password": _("密碼")},
    ExternalLinkChooserForm: _LINK_TEXT,
    AnchorLinkChooserForm: _LINK_TEXT,
    PhoneLinkChooserForm: {"phone_number": _("電話號碼"), **_LINK_TEXT},
    EmailLinkChooserForm: {"email_address": _("Email 信箱"), "subject": _("主旨"), "body": _("內文"), **_LINK_TEXT},
    DefaultPageForm: {"include_descendants": _("包括下層頁面")},
    WorkflowPageForm: {"page": _("頁面")},
    WorkflowContentTypeForm: {"content_types": _("內容類型")},
}
for _form, _labels in _LABELS.items():
    for _name, _label in _labels.items():
        _form.base_fields[_name].label = _label
