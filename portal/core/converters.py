"""URL converters."""

from . import categories
from .categories import StudentCategory


class CategoryConverter:
    """`<category:category>` accepts registered slugs only and hands the view the StudentCategory."""

    regex = "[a-z0-9-]+"

    def to_python(self, value: str) -> StudentCategory:
        try:
            return categories.get(value)
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: StudentCategory | str) -> str:
        return value if isinstance(value, str) else value.slug
