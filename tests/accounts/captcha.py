"""Past the 驗證碼: its answer, read from the database by the key in the page."""

import re

from captcha.models import CaptchaStore

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
