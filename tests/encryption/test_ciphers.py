"""Encrypted text: nobody reads it without the key, and nobody moves it to another row."""

from base64 import b64encode, urlsafe_b64encode

import pytest
from django.core import checks
from pytest_django import Settings

from portal.encryption import ciphers as encryption
from portal.encryption import keys as encryption_keys
from portal.encryption.ciphers import CannotDecrypt, UnknownKey, decrypt, encrypt

OLD, NEW = bytes(range(32)), bytes(range(100, 132))


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}


def test_it_is_read_again_for_the_same_context_and_names_its_key() -> None:
    stored = encrypt("秘密 secret", context="a:1")
    assert decrypt(stored, context="a:1") == "秘密 secret"
    assert stored.startswith("v1:new:")
    assert encrypt("秘密 secret", context="a:1") != stored


def test_an_older_key_still_reads(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD}
    stored = encrypt("secret", context="a:1")
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    assert decrypt(stored, context="a:1") == "secret"


def test_a_key_that_is_not_there_is_named(settings: Settings) -> None:
    stored = encrypt("secret", context="a:1")
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD}
    with pytest.raises(UnknownKey, match=r"^key 'new' is not in FIELD_ENCRYPTION_KEYS$"):
        decrypt(stored, context="a:1")


def test_another_row_cannot_use_it() -> None:
    with pytest.raises(CannotDecrypt, match="the text was changed or belongs elsewhere"):
        decrypt(encrypt("secret", context="a:1"), context="a:2")


NOT_ENCRYPTED = ["secret", "v1", "v1:new", "v1:new:", "v1:new:?", "v1:new:AAAA", "v2:new:AAAA", "", "v1:new:中"]


@pytest.mark.parametrize("stored", NOT_ENCRYPTED)
def test_what_is_no_ciphertext_is_refused(stored: str) -> None:
    with pytest.raises(CannotDecrypt):
        decrypt(stored, context="a:1")


def test_every_changed_character_is_noticed() -> None:
    stored = encrypt("secret", context="a:1")
    for place in range(len("v1:new:"), len(stored)):
        changed = stored[:place] + ("A" if stored[place] != "A" else "B") + stored[place + 1 :]
        with pytest.raises(CannotDecrypt):
            decrypt(changed, context="a:1")
        with pytest.raises(CannotDecrypt):
            decrypt(stored[:place] + "!" + stored[place:], context="a:1")


def test_another_key_of_the_same_name_does_not_read_it(settings: Settings) -> None:
    stored = encrypt("secret", context="a:1")
    settings.FIELD_ENCRYPTION_KEYS = {"new": OLD}
    with pytest.raises(CannotDecrypt, match="the text was changed"):
        decrypt(stored, context="a:1")


def test_keys_are_read_in_either_alphabet_and_in_their_order() -> None:
    high = b"\xff" * 32
    text = (
        f"b={b64encode(high).decode()}, a-1={urlsafe_b64encode(NEW).decode().rstrip('=')}, c={urlsafe_b64encode(high).decode()}"
    )
    assert list(encryption_keys.parse(text).items()) == [("b", high), ("a-1", NEW), ("c", high)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it names no key"),
        (" , ", "it names no key"),
        ("A=x", "write id=key"),
        ("a:b=x", "write id=key"),
        (b64encode(NEW).decode(), "write id=key"),
        ("a=", "key a is not 32 bytes"),
        ("a=中文", "key a is not 32 bytes"),
        ("a=AAAAA", "key a is not 32 bytes"),
        (f"a={b64encode(NEW[:16]).decode()}", "key a is not 32 bytes"),
        (f"a={b64encode(NEW).decode()},a={b64encode(OLD).decode()}", "two keys are called a"),
    ],
)
def test_what_is_wrong_with_them_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        encryption_keys.parse(text)
    assert b64encode(NEW).decode() not in str(refused.value)


def test_keys_that_protect_nothing_are_known() -> None:
    assert encryption_keys.weakness({"new": NEW, "old": OLD}) == ""
    assert "everybody knows" in encryption_keys.weakness(encryption_keys.parse(encryption_keys.DEMO_KEYS))
    assert "is not random" in encryption_keys.weakness({"a": b"\0" * 32})
    assert "the same key" in encryption_keys.weakness({"new": NEW, "old": NEW})


@pytest.mark.parametrize("keys", [{}, {"a": b"short"}])
def test_the_check_says_that_there_is_no_key(keys: dict[str, bytes], settings: Settings) -> None:
    assert not any(found.id == "core.E002" for found in checks.run_checks(tags=["security"]))
    settings.FIELD_ENCRYPTION_KEYS = keys
    found = next(found for found in checks.run_checks(tags=["security"]) if found.id == "core.E002")
    assert found.msg == "FIELD_ENCRYPTION_KEYS holds no usable key"


def test_the_prefix_is_what_the_rotation_looks_for() -> None:
    assert encrypt("secret", context="").startswith(encryption.prefix(encryption.current_key_id()))
