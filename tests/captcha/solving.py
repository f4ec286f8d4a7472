"""Past the 驗證碼: its answer, read from the database or worked out by the key in the page."""

import itertools
import re

from captcha.models import CaptchaStore

from portal.captcha import proof_of_work, sound
from portal.captcha.challenges import second_characters

KEY = re.compile(r'name="captcha_0" value="([0-9a-f]{40})"')


def key_in(page: str) -> str:
    """The key of the picture on that page."""
    found = KEY.search(page)
    assert found, "no captcha on the page"
    return found[1]


def solved(page: str) -> dict[str, str]:
    """The two fields that a person sends who read the picture on `page` well."""
    key = key_in(page)
    return {"captcha_0": key, "captcha_1": CaptchaStore.objects.get(hashkey=key).response}


def by_ear(page: str) -> dict[str, str]:
    """What a person sends who counted the beeps well."""
    key = key_in(page)
    return {"captcha_0": key, "captcha_1": sound.digits(key), "captcha_2": ""}


def proof_for(key: str, bits: int | None = None) -> str:
    """What the worker in the browser finds; as much as the base step asks for, unless notified."""
    bits = proof_of_work.BITS_ALONE[0] if bits is None else bits
    numbers = (itertools.count() for _part in range(proof_of_work.PARTS))
    found = (next(n for n in numbers_ if proof_of_work.zeros(key, part, n) >= bits) for part, numbers_ in enumerate(numbers))
    return ",".join(map(str, found))


def by_proof(page: str) -> dict[str, str]:
    """What a browser sends that did the work."""
    key = key_in(page)
    return {"captcha_0": key, "captcha_1": "", "captcha_2": proof_for(key)}


def two_codes(page: str) -> dict[str, str]:
    """What a person sends who is asked for more proof and has no JavaScript: both pictures, read well."""
    first = solved(page)
    return {**first, "captcha_3": second_characters(first["captcha_0"])}


def two_codes_by_ear(page: str) -> dict[str, str]:
    """The same of a person who cannot see."""
    first = by_ear(page)
    return {**first, "captcha_3": sound.digits(first["captcha_0"], part=1)}


def code_and_work(page: str, step: int = 1) -> dict[str, str]:
    """What a browser with JavaScript sends where more proof is asked for."""
    first = solved(page)
    return {**first, "captcha_2": proof_for(first["captcha_0"], proof_of_work.BITS_BESIDE_A_CODE[step])}


def work_alone(page: str, step: int = 1) -> dict[str, str]:
    """What the browser sends of a person who can neither see nor hear, where more proof is asked for."""
    key = key_in(page)
    return {"captcha_0": key, "captcha_1": "", "captcha_2": proof_for(key, proof_of_work.BITS_ALONE[step])}
