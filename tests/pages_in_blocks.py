"""Whether an editor could save a page as it was seeded."""

from wagtail.fields import StreamField
from wagtail.models import Page

NOT_WORDS = ["path", "depth", "numchild", "translation_key", "locale", "content_type", "url_path"]


def fits_the_editor(page: Page) -> None:
    """Raises ValidationError when a field or a block is too long or is not allowed."""
    page.clean_fields(exclude=NOT_WORDS)
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            field.stream_block.clean(getattr(page, field.name))
