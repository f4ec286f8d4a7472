"""驗證碼: the picture."""

from captcha.models import CaptchaStore
from django.test import Client
from django.utils import timezone

from portal.accounts.captcha import LETTERS, challenge

from .captcha import key_in, solved
from .steps import LOGIN, text


def test_five_letters_that_nobody_mistakes() -> None:
    shown, answer = challenge()
    assert len(shown) == 5
    assert set(shown) <= set(LETTERS)
    assert answer == shown.lower()
    assert not set("BGIJLMOQSUVWZ0123456789") & set(LETTERS)


def test_the_picture_is_ours_and_stands_beside_a_labelled_input(client: Client, db: None) -> None:
    page = text(client.get(LOGIN))
    key = key_in(page)
    two = f'srcset="/captcha/image/{key}@2/ 2x"'
    assert f'src="/captcha/image/{key}/" {two} width="200" height="64" alt="驗證碼圖片"' in page
    assert '<label for="id_captcha_1">驗證碼' in page
    assert 'id="id_captcha_1"' in page
    picture = client.get(f"/captcha/image/{key}/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")


def test_every_page_has_a_picture_of_its_own(client: Client, db: None) -> None:
    assert key_in(text(client.get(LOGIN))) != key_in(text(client.get(LOGIN)))


def test_pictures_that_ran_out_are_removed_when_somebody_answers(client: Client, db: None) -> None:
    client.get(LOGIN)
    CaptchaStore.objects.update(expiration=timezone.now())
    client.post(LOGIN, solved(text(client.get(LOGIN))))
    assert CaptchaStore.objects.count() == 1
