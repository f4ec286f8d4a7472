"""`tests.locks` finds what differs between the lock files and an environment."""

import pytest

from tests.locks import pins, problems

PINNED = "a==1 \\\n    --hash=sha256:11\nb-c==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:22\n"
BOTH = f"{PINNED}d==3 \\\n    --hash=sha256:33\n"


def test_a_lock_is_read_for_this_machine() -> None:
    assert pins(PINNED) == {"a": ("1", True)}


def test_equal_environments_have_no_problems() -> None:
    assert problems([PINNED, BOTH], {"a": "1", "d": "3", "pip": "26"}) == []


@pytest.mark.parametrize(
    ("base", "installed", "problem"),
    [
        (PINNED, {"a": "2", "d": "3"}, "a 1 is not installed"),
        (PINNED, {"a": "1"}, "d 3 is not installed"),
        (PINNED, {"a": "1", "d": "3", "evil": "1"}, "evil is installed and in no lock"),
        ("a==1\n", {"a": "1", "d": "3"}, "a has no hash"),
        ("e==1 \\\n    --hash=sha256:44\n", {"a": "1", "d": "3"}, "e is missing from the second lock"),
        ("a==0 \\\n    --hash=sha256:11\n", {"a": "1", "d": "3"}, "a is 0 in one lock and 1 in the other"),
    ],
)
def test_a_difference_is_named(base: str, installed: dict[str, str], problem: str) -> None:
    assert problem in problems([base, BOTH], installed)


def test_what_is_no_pin_is_refused() -> None:
    with pytest.raises(ValueError, match="no pin: a>=1"):
        pins("a>=1\n")
