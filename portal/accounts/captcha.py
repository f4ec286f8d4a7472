"""驗證碼: a picture of five letters, beeps to count, or a proof of work; any one suffices, once, within five minutes."""

import enum
import re
import secrets
from typing import Any

from captcha.fields import CaptchaAnswerInput, CaptchaHiddenInput, CaptchaTextInput
from captcha.fields import CaptchaField as SimpleCaptchaField
from captcha.models import CaptchaStore
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from portal.core.identifiers import clean_code

from . import proof_of_work, sound

# Letters that nobody mistakes for one another, none so wide that five do not fit.
LETTERS = "ACDEFHKNPRTXY"
KEY = re.compile(r"[0-9a-f]{40}")


class Way(enum.StrEnum):
    """How the 驗證碼 was answered."""

    PICTURE = "picture"
    SOUND = "sound"
    PROOF = "proof"


def challenge() -> tuple[str, str]:
    """What the picture shows and what is to be typed; upper or lower case is the same."""
    shown = "".join(secrets.choice(LETTERS) for _place in range(settings.CAPTCHA_LENGTH))
    return shown, shown.lower()


def way_of(store: CaptchaStore, answer: str, proof: str) -> Way | None:
    """The way in which this challenge was answered rightly, or None."""
    typed = clean_code(answer).lower()
    if constant_time_compare(typed, store.response):
        return Way.PICTURE
    if constant_time_compare(typed, sound.digits(store.hashkey)):
        return Way.SOUND
    return Way.PROOF if proof_of_work.is_proof(store.hashkey, proof) else None


class CaptchaWidget(CaptchaTextInput):
    """The picture, the beeps, the button for a proof, and one text input."""

    template_name = "captcha/widget.html"
    use_fieldset = False  # what a person fills is one input

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, generator="portal.accounts.captcha.challenge")  # type: ignore[no-untyped-call]
        parts = (CaptchaHiddenInput(attrs), CaptchaAnswerInput(attrs), CaptchaHiddenInput(attrs))
        forms.MultiWidget.__init__(self, parts, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        width, height = settings.CAPTCHA_IMAGE_SIZE
        context = super().get_context(name, value, attrs)  # type: ignore[no-untyped-call]
        work = {"parts": proof_of_work.PARTS, "bits": proof_of_work.BITS}
        return {**context, "width": width, "height": height, **work}


class CaptchaField(SimpleCaptchaField):
    """驗證碼. Every answer, right or wrong, uses its challenge up; the page shows a new one. Its value is the Way."""

    default_error_messages = {
        "required": _("請輸入驗證碼"),
        "wrong": _("驗證碼錯誤，請輸入新圖片中的驗證碼"),
        "expired": _("驗證碼已逾時，請輸入新圖片中的驗證碼"),
    }

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("請輸入圖片中的 5 個英文字母，大小寫皆可。")
        super().__init__(label=_("驗證碼"), help_text=help_text, widget=CaptchaWidget(), **kwargs)  # type: ignore[no-untyped-call]

    def clean(self, value: Any) -> Way:
        key, answer, proof = (part or "" for part in value)
        if not answer.strip() and not proof:
            raise ValidationError(self.error_messages["required"], code="required")
        CaptchaStore.objects.filter(expiration__lte=timezone.now()).delete()
        store = CaptchaStore.objects.filter(hashkey=key).first() if KEY.fullmatch(key) else None
        # Of several who answer at once, one deletes the row.
        if store is None or not CaptchaStore.objects.filter(pk=store.pk).delete()[0]:
            raise ValidationError(self.error_messages["expired"], code="expired")
        way = way_of(store, answer, proof)
        if way is None:
            raise ValidationError(self.error_messages["wrong"], code="wrong")
        return way
