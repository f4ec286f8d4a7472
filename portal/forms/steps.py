"""The short steps: 使用聲明事項, the permit's number, the last look."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StrOrPromise
from portal.fields.asking import ask_for
from portal.fields.dates import roc_year
from portal.fields.form_fields import AS_TYPED
from portal.fields.identifiers import is_permit_no, whole_permit_no
from portal.throttling.form_limits import LengthFirst


class DeclarationForm(LengthFirst, forms.Form):
    """使用聲明事項 (圖18, 圖19): accepted in the `version` that was read, or not at all."""

    agree = forms.BooleanField(label=_("同意上述條款"), error_messages={"required": _("請勾選「同意上述條款」")})
    version = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, newest: str, **kwargs: Any) -> None:
        self.is_outdated = data is not None and not is_same_text(data.get("version"), newest)
        # A tick under other words is no tick; the page shows the newest ones.
        super().__init__({"version": newest} if self.is_outdated else data, *args, **kwargs)
        self.fields["version"].initial = newest

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_outdated:
            self.errors.clear()
            self.add_error(None, _("使用聲明事項已更新，請重新閱讀"))


def is_same_text(read: str | None, newest: str) -> bool:
    """Whether what was read is what holds now: editors may have published while the page was open."""
    return read == newest


class PermitForm(LengthFirst, forms.Form):
    """The number that is compared with the records (圖20); its label is the kind's."""

    number = forms.CharField(
        max_length=40,
        help_text=_("許可證上的 12 位數字；全形數字、空格及連字號均可。"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", **AS_TYPED}),
    )

    def __init__(self, *args: Any, label: StrOrPromise, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["number"].label = label  # type: ignore[assignment]
        self.fields["number"].error_messages["required"] = ask_for(self.fields["number"])

    def clean_number(self) -> str:
        """Said before the records are asked: what cannot be a number costs no try."""
        number = whole_permit_no(self.cleaned_data["number"], roc_year=roc_year(self.today))
        if not is_permit_no(number):
            raise ValidationError(_("許可證號碼為 12 位數字，請再核對一次"), code="invalid")
        return number


class CheckForm(LengthFirst, forms.Form):
    """確認: a tick where something stands against the records, and nothing to fill in otherwise."""

    confirm = forms.BooleanField(
        label=_("已核對，以上資料正確"),
        error_messages={"required": _("資料與署內資料不同，請核對後勾選「已核對，以上資料正確」")},
    )

    def __init__(self, *args: Any, differs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not differs:
            del self.fields["confirm"]
