"""Student categories 學生類別: data that a category pack registers; shared code never names one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

StrOrPromise = str | Promise


@dataclass(frozen=True)
class StudentCategory:
    """One kind of student with its own log-in door and its own kinds of application.

    `slug` stands in addresses (`/china-student/individual/…`), on the user and on the case.
    `name` is the button of the landing page (大陸學生), `short_name` the word inside sentences (陸生).
    `registration_form` is the dotted path of the category's 註冊帳號 form; empty as long as registration is not open.
    """

    slug: str
    name: StrOrPromise
    short_name: StrOrPromise
    registration_form: str = ""


_registry: dict[str, StudentCategory] = {}


def register(category: StudentCategory) -> StudentCategory:
    """Add a category; raises ValueError when its slug is taken."""
    if category.slug in _registry:
        raise ValueError(f"category slug {category.slug!r} is registered twice")
    _registry[category.slug] = category
    return category


def get(slug: str) -> StudentCategory:
    """The category of that slug; raises KeyError when nobody registered it."""
    return _registry[slug]


def all_categories() -> Iterator[StudentCategory]:
    """Every registered category, in order of registration."""
    return iter(tuple(_registry.values()))
