"""驗證碼: the picture, the beeps, the proof of work; any one suffices, once, within five minutes."""

import datetime as dt
import io
import itertools
import wave
from collections.abc import Callable

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.test import Client
from django.utils import timezone

from portal.accounts import proof_of_work, sound
from portal.accounts.captcha import LETTERS, Way, challenge, way_of
from portal.accounts.models import User
from tests import people

from .captcha import by_ear, by_proof, key_in, proof_for, solved
from .steps import LOGIN, REGISTER, RESEND, TODO, WANG, text

WAYS = [solved, by_ear, by_proof]
Solve = Callable[[str], dict[str, str]]
EXPIRED = {"captcha": ["驗證碼已逾時，請輸入新圖片中的驗證碼"]}
WRONG = {"captcha": ["驗證碼錯誤，請輸入新圖片中的驗證碼"]}


@pytest.fixture(autouse=True)
def easy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that costs a test nothing."""
    if "in_earnest" not in request.keywords:
        monkeypatch.setattr(proof_of_work, "BITS", 4)


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


# -- any one suffices -------------------------------------------------------------------


@pytest.mark.parametrize("solve", WAYS)
def test_every_way_opens_the_door(client: Client, owner: User, solve: Solve) -> None:
    typed = solve(text(client.get(LOGIN))) | {"username": "xiaoming", "password": people.PASSWORD}
    assert client.post(LOGIN, typed)["Location"] == TODO


@pytest.mark.parametrize("solve", WAYS)
@pytest.mark.parametrize("page", [REGISTER, RESEND])
def test_every_way_is_taken_on_the_other_pages(client: Client, wang: object, solve: Solve, page: str) -> None:
    assert client.post(page, WANG | solve(text(client.get(page)))).status_code == 302


@pytest.mark.parametrize("solve", WAYS)
def test_every_answer_is_good_once(client: Client, owner: User, solve: Solve) -> None:
    typed = solve(text(client.get(LOGIN))) | {"username": "xiaoming"}
    client.post(LOGIN, {**typed, "password": "wrong password 1"})
    response = client.post(LOGIN, {**typed, "password": people.PASSWORD})
    assert response.context["form"].errors == EXPIRED


@pytest.mark.parametrize("solve", WAYS)
def test_every_answer_is_good_for_five_minutes(client: Client, owner: User, solve: Solve) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC), tick=False) as clock:
        early, late = (solve(text(client.get(LOGIN))) for _page in range(2))
        typed = {"username": "xiaoming", "password": people.PASSWORD}
        clock.shift(dt.timedelta(minutes=5))
        assert client.post(LOGIN, typed | early).context["form"].errors == EXPIRED
        clock.shift(dt.timedelta(minutes=-1))
        late = solve(text(client.get(LOGIN)))
        clock.shift(dt.timedelta(minutes=4, seconds=59))
        assert client.post(LOGIN, typed | late)["Location"] == TODO


@pytest.mark.parametrize(
    "wrong",
    [
        {"captcha_1": "zzzzz"},
        {"captcha_1": "7777"},
        {"captcha_2": "0,0,0,0,0,0,0"},
        {"captcha_2": "1e9"},
        {"captcha_1": "zzzzz", "captcha_2": "無"},
        {"captcha_2": ","},
    ],
)
def test_a_wrong_answer_uses_the_challenge_up_and_keeps_what_was_typed(
    client: Client, owner: User, wrong: dict[str, str]
) -> None:
    before = solved(text(client.get(LOGIN)))
    typed = {"username": "xiaoming", "password": people.PASSWORD}
    response = client.post(LOGIN, typed | {"captcha_0": before["captcha_0"], **wrong})
    assert response.context["form"].errors == WRONG
    assert 'value="xiaoming"' in text(response)
    assert client.post(LOGIN, typed | before).context["form"].errors == EXPIRED


@pytest.mark.parametrize("empty", [{}, {"captcha_1": "  "}, {"captcha_2": ""}])
def test_no_answer_is_asked_for(client: Client, db: None, empty: dict[str, str]) -> None:
    typed = {"username": "xiaoming", "password": "x", "captcha_0": key_in(text(client.get(LOGIN))), **empty}
    assert client.post(LOGIN, typed).context["form"].errors == {"captcha": ["請輸入驗證碼"]}


def test_anothers_answer_is_no_answer(client: Client, db: None) -> None:
    one, other = (text(client.get(LOGIN)) for _page in range(2))
    for solve in WAYS:
        answer = solve(one) | {"captcha_0": key_in(other)}
        assert way_of(CaptchaStore.objects.get(hashkey=key_in(other)), answer["captcha_1"], answer.get("captcha_2", "")) is None


# -- by ear -----------------------------------------------------------------------------


def heard(recording: bytes) -> str:
    """What a listener counts: sounds that follow one another soon are one group."""
    with wave.open(io.BytesIO(recording)) as track:
        rate, samples = track.getframerate(), track.readframes(track.getnframes())
    slices = [samples[at : at + rate // 100] for at in range(0, len(samples), rate // 100)]
    loud = [max(piece) - min(piece) > 20 for piece in slices]
    code, beeps, silence = "", 0, 0
    for is_loud, run in itertools.groupby(loud):
        length = len(list(run))
        silence = 0 if is_loud else length
        beeps += is_loud
        if silence > 60 and beeps:
            code, beeps = code + str(beeps), 0
    return code + (str(beeps) if beeps else "")


@pytest.mark.parametrize("code", ["1111", "6666", "1626", "2413"])
def test_who_listens_can_count(code: str) -> None:
    assert heard(sound.recording(code)) == code


def test_the_beeps_on_the_page_say_the_code(client: Client, owner: User) -> None:
    page = text(client.get(LOGIN))
    key = key_in(page)
    assert f'src="/captcha/audio/{key}.wav"' in page
    assert "您會聽到 4 組嗶聲，一組比一組高，每組 1 至 6 聲。" in page
    response = client.get(f"/captcha/audio/{key}.wav")
    assert (response.status_code, response["Content-Type"]) == (200, "audio/wav")
    assert "no-store" in response["Cache-Control"]
    code = heard(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    typed = {"username": "xiaoming", "password": people.PASSWORD, "captcha_0": key, "captcha_1": code}
    assert client.post(LOGIN, typed)["Location"] == TODO


def test_the_beeps_come_in_parts_to_whom_asks_so(client: Client, db: None) -> None:
    key = key_in(text(client.get(LOGIN)))
    response = client.get(f"/captcha/audio/{key}.wav", headers={"range": "bytes=0-3"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == b"RIFF"  # type: ignore[attr-defined]


def test_beeps_that_ran_out_are_gone(client: Client, db: None) -> None:
    key = key_in(text(client.get(LOGIN)))
    CaptchaStore.objects.update(expiration=timezone.now())
    assert client.get(f"/captcha/audio/{key}.wav").status_code == 410
    assert client.get(f"/captcha/audio/{'0' * 40}.wav").status_code == 410


def test_the_code_has_four_digits_of_one_to_six_and_differs_from_key_to_key() -> None:
    codes = [sound.digits(f"{number:040x}") for number in range(200)]
    assert set("".join(codes)) == set("123456")
    assert {len(code) for code in codes} == {4}
    assert len(set(codes)) > 150


def test_a_recording_is_short_and_small() -> None:
    longest = sound.recording("6666")
    with wave.open(io.BytesIO(longest)) as track:
        assert track.getnframes() / track.getframerate() < 15
    assert len(longest) < 120_000


# -- by work ----------------------------------------------------------------------------


@pytest.mark.in_earnest
def test_a_proof_takes_work_to_find_and_none_to_check() -> None:
    key = "ab" * 20
    proof = proof_for(key)
    tries = sum(int(number) + 1 for number in proof.split(","))
    assert 2**16 < tries < 2**20  # about 2**18
    assert proof_of_work.is_proof(key, proof)
    assert not proof_of_work.is_proof("cd" * 20, proof)
    assert not proof_of_work.is_proof(key, ",".join(reversed(proof.split(","))))
    assert not proof_of_work.is_proof(key, proof.rpartition(",")[0])


@pytest.mark.django_db
def test_the_way_is_told() -> None:
    shown, answer = challenge()
    store = CaptchaStore.objects.create(challenge=shown, response=answer)
    assert way_of(store, shown, "") is Way.PICTURE
    assert way_of(store, sound.digits(store.hashkey), "") is Way.SOUND
    assert way_of(store, "", proof_for(store.hashkey)) is Way.PROOF
    assert way_of(store, "", "") is None


def test_the_worker_is_ours_and_allowed(client: Client, db: None) -> None:
    response = client.get(LOGIN)
    assert 'data-worker="/static/js/captcha-worker.js"' in text(response)
    assert "worker-src 'self'" in response["Content-Security-Policy"]


# -- the next one -----------------------------------------------------------------------


def test_the_next_one_is_one_of_ours(client: Client, owner: User) -> None:
    response = client.get("/captcha/refresh/")
    key = response.json()["key"]
    assert response.json() == {
        "key": key,
        "image": f"/captcha/image/{key}/",
        "image-2x": f"/captcha/image/{key}@2/",
        "audio": f"/captcha/audio/{key}.wav",
    }
    assert "no-store" in response["Cache-Control"]
    typed = {"captcha_0": key, "captcha_1": CaptchaStore.objects.get(hashkey=key).response}
    assert client.post(LOGIN, {"username": "xiaoming", "password": people.PASSWORD, **typed})["Location"] == TODO
