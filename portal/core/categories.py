"""Student categories 學生類別: data that a category pack registers; shared code never names one."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.fields.identifiers import is_permit_no, is_ui_no

StrOrPromise = str | Promise


@dataclass(frozen=True)
class Number:
    """A number that stands for a person: how it is asked for, and what it must be.

    `code` is the name of the form's field and of the column in the agency's files. `is_right` knows the form and the check
    digit of a cleaned number; `error` says on a page that it is not right, `reason` says so to who imports a file.
    """

    code: str
    label: StrOrPromise
    is_right: Callable[[str], bool]
    error: StrOrPromise
    reason: str
    help: StrOrPromise = ""
    digits_only: bool = False


@dataclass(frozen=True)
class Paper(Number):
    """A paper of a person, in the agency's records under `code`.

    One that `identifies` is asked for at registration and compared with the records; another is merely recorded.
    `expiry` is the column of its last day, with the label `expiry_label`; empty when the paper has none.
    """

    identifies: bool = True
    expiry: str = ""
    expiry_label: StrOrPromise = ""


UI_NO = Number(
    code="ui_no",
    label=_("統一證號"),
    is_right=is_ui_no,
    error=_("統一證號不正確，請再核對一次"),
    reason="不是統一證號：格式或檢查碼有誤",
    help=_("印在入出境許可證上，1 或 2 個英文字母及數字共 10 碼。與入出境許可證號請至少填寫一項。"),
)
PERMIT_NO = Number(
    code="permit_no",
    label=_("入出境許可證號"),
    is_right=is_permit_no,
    error=_("入出境許可證號不正確，請輸入 12 碼數字"),
    reason="不是 12 碼數字的許可證號",
    help=_("數字 12 碼。"),
    digits_only=True,
)
NUMBER_MISSING = _("請輸入統一證號或入出境許可證號")


@dataclass(frozen=True)
class Identity:
    """How a category knows its people: their papers, the numbers asked at registration, the types of their permits.

    Failed registrations are counted by the first paper that identifies. Of `ui_no` and `permit_no` one is enough;
    `number_missing` says that neither was given. `permit_types` are codes, as the agency's files have them, and labels.
    `is_birth_place` knows the codes of 出生地, `birth_place_reason` says to who imports a file that one is none;
    `birth_places` are codes and names, for who reads a record.
    """

    papers: tuple[Paper, ...]
    permit_types: tuple[tuple[str, StrOrPromise], ...]
    is_birth_place: Callable[[str], bool]
    birth_place_reason: str
    birth_places: tuple[tuple[str, StrOrPromise], ...] = ()
    ui_no: Number = UI_NO
    permit_no: Number = PERMIT_NO
    number_missing: StrOrPromise = NUMBER_MISSING

    def __post_init__(self) -> None:
        """Raises ValueError when two columns have one name, or no paper says who somebody is."""
        names = Counter([self.ui_no.code, self.permit_no.code, *(name for name, _label in self.columns)])
        if twice := [name for name, times in names.items() if times > 1]:
            raise ValueError(f"columns stand twice: {', '.join(twice)}")
        if not self.identifying:
            raise ValueError("no paper identifies")

    @property
    def identifying(self) -> tuple[Paper, ...]:
        """The papers asked for at registration."""
        return tuple(paper for paper in self.papers if paper.identifies)

    @property
    def columns(self) -> tuple[tuple[str, StrOrPromise], ...]:
        """What is recorded of all papers, name and label: each number, and the last day where there is one."""
        return columns_of(self.papers)


def columns_of(papers: tuple[Paper, ...]) -> tuple[tuple[str, StrOrPromise], ...]:
    """Name and label of each paper's number and last day."""
    both = (((paper.code, paper.label), (paper.expiry, paper.expiry_label)) for paper in papers)
    return tuple(column for pair in both for column in pair if column[0])


@dataclass(frozen=True)
class StudentCategory:
    """One kind of student with its own log-in page and its own kinds of application.

    `slug` stands in addresses (`/<slug>/individual/…`), on the user and on the case.
    `name` is the button of the landing page, `short_name` the word inside sentences.
    `identity` says which papers name its people; None as long as registration is not open.
    """

    slug: str
    name: StrOrPromise
    short_name: StrOrPromise
    identity: Identity | None = None


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


def identities() -> dict[str, Identity]:
    """How each category knows its people, by slug; categories that are not open are left out."""
    return {category.slug: category.identity for category in all_categories() if category.identity}


class CategoryConverter:
    """`<category:category>` accepts registered slugs only and hands the view the StudentCategory."""

    regex = "[a-z0-9-]+"

    def to_python(self, value: str) -> StudentCategory:
        try:
            return get(value)
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: StudentCategory | str) -> str:
        return value if isinstance(value, str) else value.slug
