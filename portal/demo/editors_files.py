"""Pictures and a document for who tries the editor's part of the demonstration. Drawn, so that nobody's rights are touched."""

import io
from collections.abc import Callable, Iterator

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Drawing
from PIL import ImageDraw
from wagtail.documents import get_document_model
from wagtail.images.models import Image

SKY, HILL, LAKE, SUN, PAPER = "#bfe0e4", "#2f6f78", "#7fb6bd", "#f0cf8e", "#ffffff"
DOCUMENT = "示範文件"


def _hills(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.ellipse((width * 0.62, height * 0.15, width * 0.76, height * 0.36), fill=SUN)
    pen.polygon([(0, height * 0.7), (width * 0.3, height * 0.3), (width * 0.62, height * 0.7)], fill=HILL)
    pen.polygon([(width * 0.4, height * 0.7), (width * 0.72, height * 0.42), (width, height * 0.7)], fill="#41848d")
    pen.rectangle((0, height * 0.7, width, height), fill=LAKE)


def _gate(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((width * 0.25, height * 0.25, width * 0.75, height), fill=HILL)
    pen.pieslice((width * 0.38, height * 0.4, width * 0.62, height * 0.85), 180, 360, fill=SKY)
    pen.rectangle((width * 0.38, height * 0.62, width * 0.62, height), fill=SKY)
    pen.polygon([(width * 0.2, height * 0.25), (width * 0.5, height * 0.08), (width * 0.8, height * 0.25)], fill=SUN)


# Title, alternative text, and how it is drawn.
PICTURES: tuple[tuple[str, str, Callable[[ImageDraw.ImageDraw, int, int], None]], ...] = (
    ("示範圖片：湖與山", "湖邊的兩座山，太陽在山後", _hills),
    ("示範圖片：校門", "一座有拱門的校門", _gate),
)


def write_files() -> None:
    """Those that are not there yet."""
    for title, said, draw in PICTURES:
        if not Image.objects.filter(title=title).exists():
            file = ImageFile(ContentFile(_drawn(draw, "PNG")), "demo.png")
            Image.objects.create(title=title, description=said, file=file)
    papers = get_document_model().objects
    if not papers.filter(title=DOCUMENT).exists():
        papers.create(title=DOCUMENT, file=ContentFile(_drawn(_sheet, "PDF", (1240, 1754)), "demo.pdf"))


def titles() -> Iterator[str]:
    """What an editor finds under 圖片 and 文件."""
    yield from (title for title, _said, _draw in PICTURES)
    yield DOCUMENT


def _sheet(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((0, 0, width, height), fill=PAPER)
    pen.text((120, 160), "SAMPLE - for trying documents in the editor", fill=HILL, font_size=44)


def _drawn(draw: Callable[[ImageDraw.ImageDraw, int, int], None], kind: str, size: tuple[int, int] = (1600, 900)) -> bytes:
    picture, out = Drawing.new("RGB", size, SKY), io.BytesIO()
    draw(ImageDraw.Draw(picture), *size)
    picture.save(out, kind)
    return out.getvalue()
