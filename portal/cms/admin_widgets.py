"""Wagtail's choosers without inline scripts, which the policy of the admin forbids; and its editor of rich text, which takes
whatever is sent for its own.

Choosers of dates and of inline panels are templates: templates/wagtailadmin/widgets/ and panels/.
static/portal/js/admin-widgets.js starts them all.
"""
# mypy: allow-untyped-calls

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from draftjs_exporter.error import ExporterException
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def render(self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
    """As Wagtail's; what its inline script would call stands in a `template` element."""
    attrs = attrs or {}
    value_data = self.get_value_data(value)
    return format_html(
        '{}<template data-widget="{}" data-id="{}" data-options="{}"></template>',
        self.render_html(name, value_data, attrs),
        self.js_constructor,
        attrs["id"],
        json.dumps(self.get_js_init_options(attrs["id"], name, value_data)),
    )


BaseChooser.render = render  # type: ignore[method-assign]
# The one chooser that is started by a function of its own.
AdminTaskChooser.js_constructor = "createTaskChooser"

_to_database_format = ContentstateConverter.to_database_format
# What its exporter raises at JSON that its own script did not write.
_NOT_ITS_OWN = (AttributeError, ExporterException, IndexError, KeyError, TypeError)


def to_database_format(self: ContentstateConverter, contentstate_json: str) -> str:
    """As Wagtail's; JSON of another shape is a broken form, like what is no JSON (admin_requests)."""
    try:
        html: str = _to_database_format(self, contentstate_json)
    except _NOT_ITS_OWN as error:
        raise ValueError("no rich text of the editor's") from error
    return html


ContentstateConverter.to_database_format = to_database_format  # type: ignore[method-assign]
