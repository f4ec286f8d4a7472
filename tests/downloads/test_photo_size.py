"""The photo on a permit is as good as has room."""

from io import BytesIO

import pytest
from PIL import Image

from portal.downloads.papers import PHOTO_BYTES, PHOTO_SIZE, QUALITIES, _as_jpeg


def one_by_one(picture: Image.Image) -> bytes:
    """The same, by trying each quality from the best down."""
    made = b""
    for quality in QUALITIES:
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality)
        made = out.getvalue()
        if len(made) <= PHOTO_BYTES:
            break
    return made


@pytest.mark.parametrize("noise", [0, 8, 16, 24, 32, 48, 64, 100, 200], ids=lambda noise: f"noise {noise}")
def test_it_is_the_best_quality_that_has_room_and_the_smallest_where_none_has(noise: int) -> None:
    picture = Image.effect_noise(PHOTO_SIZE, noise).convert("RGB")
    assert _as_jpeg(picture) == one_by_one(picture)
