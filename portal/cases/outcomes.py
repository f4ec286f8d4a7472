"""What comes out of an approved case: a permit to print, or a card to collect."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.categories import StrOrPromise


@dataclass(frozen=True)
class PermitPdf:
    """電子許可證: the template that draws it, and the document slot whose picture is printed on it (none: without a photo)."""

    template: str
    photo_slot: str = ""
    is_pdf: ClassVar = True


@dataclass(frozen=True)
class CardToCollect:
    """A card 卡片: there is nothing to download.

    `place_field` is the answer that says where it is collected; `when` says from when on, `bring` what with.
    """

    place_field: str
    when: StrOrPromise
    bring: tuple[StrOrPromise, ...]
    is_pdf: ClassVar = False


Outcome = PermitPdf | CardToCollect
