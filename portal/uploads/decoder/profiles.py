"""Colour profiles: what a picture's own says is converted to sRGB, which is what a picture without one is taken for."""

from io import BytesIO

from PIL import Image, ImageCms

MAX_PROFILE = 4 * 1024 * 1024
# The colour spaces of profiles, and the modes that pictures of theirs have here.
SPACES = {"RGB": {"RGB", "RGBA"}, "GRAY": {"L"}, "CMYK": {"CMYK"}}
_SRGB = ImageCms.createProfile("sRGB")


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours in sRGB. A profile that is none, or one of other colours, is as good as none."""
    converted = _converted(picture, profile) if profile and len(profile) <= MAX_PROFILE else None
    picture = picture if converted is None else converted
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if picture.mode not in SPACES.get(source.profile.xcolor_space.strip(), ()) or _is_srgb(source):
            return None
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return converted.convert("L") if converted is not None and picture.mode == "L" else converted


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """By its name, as most are: saves the work."""
    return "sRGB" in (profile.profile.profile_description or "")
