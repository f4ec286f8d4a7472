"""驗證碼: a picture of five characters, beeps to count, or a proof of work; any one suffices, once, within five minutes.

Where limits ask for more proof (throttling.limits), it takes two of them: one code and work that the browser does by itself, or,
without JavaScript, a second code. Who can neither see nor hear does more work instead.
"""

import enum
import re
import secrets
from typing import Any, NamedTuple

from captcha.fields import CaptchaAnswerInput, CaptchaHiddenInput, CaptchaTextInput
from captcha.fields import CaptchaField as SimpleCaptchaField
from captcha.models import CaptchaStore
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.fields.identifiers import clean_code
from portal.throttling.limits import STEPS

from . import answered, kept, proof_of_work, sound

# Characters that nobody mistakes for one another, however they are bent.
CHARACTERS = "ACEHKNPRTY"
LONGEST_ANSWER = 40  # a code may be typed with blanks between its characters
KEY = re.compile(r"[0-9a-f]{40}")
MAX_STEP = len(STEPS)  # the highest step of proof


class CaptchaMethod(enum.StrEnum):
    """How the 驗證碼 was answered."""

    PICTURE = "picture"
    SOUND = "sound"
    PROOF = "proof"


class Solved(NamedTuple):
    """How a challenge was answered, and for which step of proof that is enough (throttling.limits.step)."""

    way: CaptchaMethod
    step: int
    again: bool = False  # the same form was sent before (answered.once)


def challenge() -> tuple[str, str]:
    """What the picture shows and what is to be typed; upper or lower case is the same."""
    shown = "".join(secrets.choice(CHARACTERS) for _place in range(settings.CAPTCHA_LENGTH))
    return shown, shown.lower()


def second_characters(key: str) -> str:
    """What the second picture of a challenge shows. Nobody can tell it from the key without the portal's secret."""
    drawn = salted_hmac("portal.captcha.challenges.second", key, algorithm="sha256").digest()
    return "".join(CHARACTERS[byte % len(CHARACTERS)] for byte in drawn[: settings.CAPTCHA_LENGTH])


def solve(store: CaptchaStore, answer: str, proof: str = "", second: str = "") -> Solved | None:
    """How well this challenge was answered; None: not."""
    key = store.hashkey
    bits = proof_of_work.bits_of(key, proof)
    way = _code_method(answer, store.response, sound.digits(key))
    if way is None:  # the browser began to work by itself; who mistyped the code meanwhile has no need of it
        step = _steps(bits, proof_of_work.BITS_ALONE)
        return Solved(CaptchaMethod.PROOF, step) if step >= 0 else None
    if second.strip():
        return Solved(way, MAX_STEP) if _code_method(second, second_characters(key).lower(), sound.digits(key, part=1)) else None
    return Solved(way, _steps(bits, proof_of_work.BITS_BESIDE_A_CODE))


def _code_method(typed: str, characters: str, digits: str) -> CaptchaMethod | None:
    if len(typed) > LONGEST_ANSWER:
        return None
    code = clean_code(typed).lower()
    if constant_time_compare(code, characters):
        return CaptchaMethod.PICTURE
    return CaptchaMethod.SOUND if constant_time_compare(code, digits) else None


def could_be_right(answer: str) -> bool:
    """Whether it has the length of a code, seen or heard; a proof of work has no answer."""
    return not answer.strip() or len(clean_code(answer[:LONGEST_ANSWER])) in (settings.CAPTCHA_LENGTH, sound.GROUPS)


def _steps(bits: int, needed: tuple[int, ...]) -> int:
    """The highest step for which so many bits are enough; -1: for none."""
    return max((step for step, least in enumerate(needed) if bits >= least), default=-1)


class CaptchaWidget(CaptchaTextInput):
    """The picture, the beeps, the button for a proof, and one text input; a second code where `step` asks for more."""

    template_name = "captcha/widget.html"
    kept = ""  # the key of a challenge that is answered already
    use_fieldset = False  # what a person fills is one input, and a second one only without JavaScript
    step = 0

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, generator="portal.captcha.challenges.challenge")  # type: ignore[no-untyped-call]
        parts = (CaptchaHiddenInput(attrs), CaptchaAnswerInput(attrs), CaptchaHiddenInput(attrs), CaptchaAnswerInput(attrs))
        forms.MultiWidget.__init__(self, parts, attrs)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        """Without another challenge where one is answered already."""
        if self.kept:
            return forms.MultiWidget.render(self, name, None, attrs, renderer)
        return super().render(name, value, attrs, renderer)  # type: ignore[no-untyped-call]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if self.kept:
            return {**forms.MultiWidget.get_context(self, name, [self.kept, "", "", ""], attrs), "kept": True}
        width, height = settings.CAPTCHA_IMAGE_SIZE
        context = super().get_context(name, value, attrs)  # type: ignore[no-untyped-call]
        work = {
            "parts": proof_of_work.PARTS,
            "alone": proof_of_work.BITS_ALONE[self.step],
            "beside": proof_of_work.BITS_BESIDE_A_CODE[self.step],
        }
        return {**context, "width": width, "height": height, "step": self.step, **work}


class CaptchaField(SimpleCaptchaField):
    """驗證碼. Every answer, right or wrong, uses its challenge up; the page shows a new one. Its value is Solved.

    `form_digest` is that of all that was posted with it: the same form sent twice is one request (answered.once).
    """

    form_digest = ""

    default_error_messages = {
        "required": _("請輸入驗證碼"),
        "wrong": _("驗證碼錯誤，請輸入新圖片中的驗證碼"),
        "length": _("驗證碼錯誤，請輸入新圖片中的驗證碼"),  # a character too many or too few: no guess, and not counted as one
        "expired": _("驗證碼已逾時，請輸入新圖片中的驗證碼"),
        "more": _("最近失敗次數較多，為保護帳號，請再驗證一次；這次需要多一項驗證"),
    }
    widget: CaptchaWidget

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("請輸入圖片中的 5 個英文字母，大小寫皆可。")
        super().__init__(label=_("驗證碼"), help_text=help_text, widget=CaptchaWidget(), **kwargs)  # type: ignore[no-untyped-call]

    def ask(self, step: int) -> None:
        """Show the challenge that this step of proof asks for."""
        self.widget.step = min(step, MAX_STEP)

    def keep(self, solved: Solved) -> None:
        """Show that it was answered, instead of another challenge."""
        self.widget.kept = kept.keep(solved.way, solved.step)

    def more(self) -> ValidationError:
        """What is said to whose proof was not enough."""
        return ValidationError(self.error_messages["more"], code="more")

    def clean(self, value: Any) -> Solved:
        key, answer, proof, second = (part or "" for part in value)
        if not answered.is_first(self.form_digest):
            return self._as_before()
        solved = self._solve(key, answer, proof, second)
        answered.keep(self.form_digest, solved if isinstance(solved, str) else tuple(solved))
        if isinstance(solved, str):
            raise self._wrong(solved)
        return solved

    def _solve(self, key: str, answer: str, proof: str, second: str) -> Solved | str:
        """The challenge is used up by it; of a wrong answer the name of its message."""
        CaptchaStore.objects.filter(expiration__lte=timezone.now()).delete()
        store = CaptchaStore.objects.filter(hashkey=key).first() if KEY.fullmatch(key) else None
        before = kept.answer_of(store)
        if not answer.strip() and not proof and before is None:
            return "required"
        # Of several who answer at once, one deletes the row.
        if store is None or not CaptchaStore.objects.filter(pk=store.pk).delete()[0]:
            return "expired"
        if before is not None:
            return Solved(CaptchaMethod(before[0]), before[1])
        return solve(store, answer, proof, second) or ("wrong" if could_be_right(answer) else "length")

    def _as_before(self) -> Solved:
        """The same form was sent a moment ago: a right answer is right again, a wrong one is not counted twice."""
        before = answered.answer_before(self.form_digest)
        if isinstance(before, tuple | list):
            return Solved(CaptchaMethod(before[0]), before[1], again=True)
        raise ValidationError(self.error_messages[before or "expired"], code="again")

    def _wrong(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)
