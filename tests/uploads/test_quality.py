"""What is kept of a picture is as good as has room."""

import pytest
from PIL import Image, ImageFilter

from portal.uploads.decoder.pictures import QUALITIES, STORED_BYTES, _best_that_fits, _jpeg


def one_by_one(picture: Image.Image) -> bytes:
    """The same, by trying each quality from the best down."""
    return next(made for quality in reversed(QUALITIES) if len(made := _jpeg(picture, quality)) <= STORED_BYTES)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1000, 700), "white"),
        *(Image.effect_noise((1000, 700), noise).convert("RGB") for noise in (8, 60, 120)),
        *(Image.effect_noise((size, size), 200).convert("RGB") for size in (740, 820, 900, 980, 1060)),
        Image.effect_noise((1900, 1400), 120).filter(ImageFilter.GaussianBlur(1)).convert("RGB"),
    ],
    ids=lambda picture: f"{picture.width} x {picture.height}",
)
def test_it_is_the_best_quality_that_has_room(picture: Image.Image) -> None:
    assert _best_that_fits(picture, _jpeg(picture, QUALITIES[0])) == one_by_one(picture)
