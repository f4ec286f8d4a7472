"""What the 驗證碼 on a page asks for: its beeps, and the next one without losing what is typed."""

import io

from captcha.models import CaptchaStore
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ranged_response import RangedFileResponse

from . import sound
from .captcha import challenge


@require_safe
@never_cache
def audio(request: HttpRequest, key: str) -> HttpResponseBase:
    """The beeps. In parts if the browser asks so: some play no sound that they cannot fetch in parts."""
    if not CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).exists():
        return HttpResponse(status=410)
    file = io.BytesIO(sound.recording(sound.digits(key)))
    return RangedFileResponse(request, file, content_type="audio/wav")


@require_safe
@never_cache
def refresh(request: HttpRequest) -> JsonResponse:
    """換下一組驗證碼: the key of a new one and where its picture and its beeps are."""
    shown, answer = challenge()
    key = CaptchaStore.objects.create(challenge=shown, response=answer).hashkey
    addresses = {name: reverse(f"captcha-{name}", args=[key]) for name in ("image", "image-2x", "audio")}
    return JsonResponse({"key": key, **addresses})
