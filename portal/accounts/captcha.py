"""驗證碼: a picture of five letters, good for one answer within five minutes."""

import secrets
from typing import Any

from captcha.fields import CaptchaField as SimpleCaptchaField
from captcha.fields import CaptchaTextInput
from captcha.models import CaptchaStore
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.fields import MultiValueField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.identifiers import clean_code

# Letters that nobody mistakes for one another, none so wide that five do not fit.
LETTERS = "ACDEFHKNPRTXY"


def challenge() -> tuple[str, str]:
    """What the picture shows and what is to be typed; upper or lower case is the same."""
    shown = "".join(secrets.choice(LETTERS) for _place in range(settings.CAPTCHA_LENGTH))
    return shown, shown.lower()


class CaptchaWidget(CaptchaTextInput):
    """The picture and one text input."""

    template_name = "captcha/widget.html"
    use_fieldset = False  # what a person fills is one input

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        width, height = settings.CAPTCHA_IMAGE_SIZE
        context = super().get_context(name, value, attrs)  # type: ignore[no-untyped-call]
        return {**context, "width": width, "height": height}


class CaptchaField(SimpleCaptchaField):
    """驗證碼. Every answer, right or wrong, uses its picture up; the page shows a new one."""

    default_error_messages = {
        "required": _("請輸入驗證碼"),
        "wrong": _("驗證碼錯誤，請輸入新圖片中的驗證碼"),
        "expired": _("驗證碼已逾時，請輸入新圖片中的驗證碼"),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = CaptchaWidget(generator="portal.accounts.captcha.challenge")  # type: ignore[no-untyped-call]
        help_text = _("請輸入圖片中的 5 個英文字母，大小寫皆可。")
        super().__init__(label=_("驗證碼"), help_text=help_text, widget=widget, **kwargs)  # type: ignore[no-untyped-call]

    def clean(self, value: Any) -> str:
        key, _comma, answer = MultiValueField.clean(self, value).partition(",")
        CaptchaStore.objects.filter(expiration__lte=timezone.now()).delete()
        store = CaptchaStore.objects.filter(hashkey=key).first()
        # Of several who answer at once, one deletes the row.
        if store is None or not CaptchaStore.objects.filter(pk=store.pk).delete()[0]:
            raise ValidationError(self.error_messages["expired"], code="expired")
        if store.response != clean_code(answer).lower():
            raise ValidationError(self.error_messages["wrong"], code="wrong")
        return str(store.hashkey)
