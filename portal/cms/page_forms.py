"""The form of the page editor."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField
from wagtail.blocks.stream_block import StreamBlockValidationError

from . import accessibility


class PageForm(WagtailAdminPageForm):
    """A page is published, or handed on for publishing, only when everybody can read it. A draft may be as it is."""

    def _post_clean(self) -> None:
        """Django's last step: only now the page holds what was typed."""
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        found: dict[str, list[str]] = defaultdict(list)
        for fault in accessibility.faults(self.instance):
            found[fault.field].append(fault.message)
        for name, messages in found.items():
            self.add_error(name if name in self.fields else None, self._told(name, messages))

    def _told(self, name: str, messages: list[str]) -> ValidationError:
        """A StreamField shows the errors of its own kind only."""
        if isinstance(self.fields.get(name), BlockField):
            return StreamBlockValidationError(non_block_errors=ErrorList(messages))
        return ValidationError(messages)
