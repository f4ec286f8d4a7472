"""Past the 驗證碼: its answer, read from the database or worked out by the key in the page."""

import itertools
import re

from captcha.models import CaptchaStore

from portal.accounts import proof_of_work, sound

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


def proof_for(key: str) -> str:
    """What the worker in the browser finds."""
    numbers = (itertools.count() for _part in range(proof_of_work.PARTS))
    found = (next(n for n in numbers_ if proof_of_work.is_found(key, part, n)) for part, numbers_ in enumerate(numbers))
    return ",".join(map(str, found))


def by_proof(page: str) -> dict[str, str]:
    """What a browser sends that did the work."""
    key = key_in(page)
    return {"captcha_0": key, "captcha_1": "", "captcha_2": proof_for(key)}
