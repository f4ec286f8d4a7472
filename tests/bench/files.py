"""What a student uploads, made on the spot: a photo, scans, a PDF. The same bytes for the browser tests and the bench."""

import io

import pikepdf
from PIL import Image, ImageDraw


def picture(width: int, height: int, *, kind: str = "JPEG", caption: str = "SCAN", noise: bool = True) -> bytes:
    """A picture with some grain and a caption, as a camera or a scanner would make it."""
    image = Image.effect_noise((width, height), 24).convert("RGB") if noise else Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 8, height // 8, width * 7 // 8, height * 7 // 8), outline="navy", width=6)
    draw.text((width // 4, height // 2), f"{caption} - made up", fill="black", font_size=max(width // 20, 12))
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def photo() -> bytes:
    """A portrait of nobody, 826 x 1062 pixels on white, the head as high as it must be."""
    image = Image.new("RGB", (826, 1062), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((300, 780, 526, 1000), fill="#c9a184")
    draw.rounded_rectangle((23, 960, 803, 1200), 120, fill="#33506b")
    draw.ellipse((116, 94, 710, 897), fill="#d8b69a", outline="#7a5b43", width=4)
    draw.pieslice((116, 94, 710, 740), 180, 360, fill="#2c2420")
    for x in (293, 533):
        draw.ellipse((x - 27, 470, x + 27, 509), fill="#2c2420")
    draw.arc((308, 590, 518, 740), 20, 160, fill="#7a3b33", width=12)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=92)
    return target.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF of blank A4 pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
