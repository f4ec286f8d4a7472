"""What the web process and the decoder both know: limits, and codes for what is wrong, that the web process turns into words."""

import enum

MAX_PIXELS = 52_000_000  # cameras that are sold as "50 megapixels" take up to 8192 x 6144
MAX_SIDE = 30_000
MAX_PAGES = 20
PHOTO_SIZE = (413, 531)  # 35 x 45 mm at 300 dots per inch
DOCUMENT_SIDE = 600  # the longer side of a card or a page whose print is still read: 7 dots a millimetre of a card
EDITORS_BYTES = 8 * 1024 * 1024


class Reason(enum.StrEnum):
    """What is wrong with the content of a file."""

    DAMAGED = "damaged"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - a reason, not a secret
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COMPLEX = "too_complex"


class FileWarning(enum.StrEnum):
    """What is odd about a picture that is taken all the same."""

    SMALL_PHOTO = "small_photo"
    SMALL_DOCUMENT = "small_document"
    BLANK = "blank"
    DARK = "dark"
    BLURRED = "blurred"
    # Of a photo 照片 only.
    BACKGROUND = "background"
    HEAD_SMALL = "head_small"
    HEAD_LARGE = "head_large"
    HEAD_ASIDE = "head_aside"


class ContentRefused(Exception):
    """The content was not taken."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)
