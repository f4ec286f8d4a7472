"""What the 驗證碼 on a page asks for: its pictures, its beeps, and the next one without losing what is typed."""

import io

from captcha.models import CaptchaStore
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ranged_response import RangedFileResponse

from . import picture, sound
from .challenges import challenge, second_characters


@require_safe
@never_cache
def image(request: HttpRequest, key: str, scale: int, part: str | None = None) -> HttpResponse:
    """The picture; however often it is fetched, it is the same."""
    store = _current(key)
    if store is None:
        return HttpResponse(status=410)
    shown = second_characters(key) if part else store.challenge
    return HttpResponse(picture.png(shown, _seed("picture", key, part), scale=scale), content_type="image/png")


@require_safe
@never_cache
def audio(request: HttpRequest, key: str, part: str | None = None) -> HttpResponseBase:
    """The beeps. In parts if the browser asks so: some play no sound that they cannot fetch in parts."""
    if _current(key) is None:
        return HttpResponse(status=410)
    code = sound.digits(key, part=1 if part else 0)
    file = io.BytesIO(sound.recording(code, _seed("sound", key, part)))
    return RangedFileResponse(request, file, content_type="audio/wav")


@require_safe
@never_cache
def refresh(request: HttpRequest) -> JsonResponse:
    """換下一組驗證碼: the key of a new one and where its pictures and its beeps are."""
    shown, answer = challenge()
    key = CaptchaStore.objects.create(challenge=shown, response=answer).hashkey
    addresses = {name: reverse(f"captcha-{name}", args=[key]) for name in ("image", "image-2x", "audio")}
    return JsonResponse({"key": key, **addresses})


def _current(key: str) -> CaptchaStore | None:
    return CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).first()


def _seed(what: str, key: str, part: str | None) -> bytes:
    """Nobody who reads the source can draw the picture again from the key."""
    return salted_hmac(f"portal.captcha.challenges.{what}", f"{key}{part or ''}", algorithm="sha256").digest()
