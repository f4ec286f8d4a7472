"""The registry of student categories and the converter that lets only registered ones into an address."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.core import categories
from portal.core.categories import CategoryConverter, Identity, Paper, StudentCategory

OVERSEAS = StudentCategory(slug="overseas", name="測試類別", short_name="測")


@pytest.fixture
def overseas(monkeypatch: pytest.MonkeyPatch) -> StudentCategory:
    monkeypatch.setattr(categories, "_registry", dict(categories._registry))
    return categories.register(OVERSEAS)


def test_a_registered_category_is_found_by_its_slug(overseas: StudentCategory) -> None:
    assert categories.get("overseas") is overseas
    assert list(categories.all_categories())[-1] is overseas


def test_a_slug_is_registered_once(overseas: StudentCategory) -> None:
    with pytest.raises(ValueError, match="category slug 'overseas' is registered twice"):
        categories.register(OVERSEAS)


def test_an_unknown_slug_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        categories.get("nobody")


def test_the_converter_hands_the_view_the_category(overseas: StudentCategory) -> None:
    assert CategoryConverter().to_python("overseas") is overseas
    assert CategoryConverter().to_url(overseas) == CategoryConverter().to_url("overseas") == "overseas"
    with pytest.raises(ValueError, match="nobody"):
        CategoryConverter().to_python("nobody")


def test_addresses_are_made_from_the_category_or_its_slug() -> None:
    category = categories.get("china-student")
    assert reverse("accounts:login", args=[category]) == "/china-student/individual/login/"
    assert reverse("accounts:login", args=["china-student"]) == "/china-student/individual/login/"


@pytest.mark.django_db
def test_the_address_of_an_unknown_category_is_a_missing_page(client: Client) -> None:
    assert client.get("/nobody/individual/login/").status_code == 404


def test_nothing_else_makes_such_an_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("accounts:login")


def paper(code: str, **changes: object) -> Paper:
    known: dict[str, object] = {"label": code, "is_right": str.isdigit, "error": "", "reason": ""}
    return Paper(code=code, **{**known, **changes})  # type: ignore[arg-type]


def identity(*papers: Paper) -> Identity:
    return Identity(papers, permit_types=(("one", "一"),), is_birth_place=str.isdigit, birth_place_reason="")


def test_an_identity_tells_its_columns_and_which_papers_identify() -> None:
    card, passport = paper("card", identifies=False), paper("passport", expiry="passport_expiry", expiry_label="效期")
    made = identity(card, passport)
    assert made.identifying == (passport,)
    assert made.columns == (("card", "card"), ("passport", "passport"), ("passport_expiry", "效期"))


@pytest.mark.parametrize(
    ("papers", "why"),
    [
        ((paper("a"), paper("a")), "columns stand twice: a"),
        ((paper("a"), paper("b", expiry="a")), "columns stand twice: a"),
        ((paper("ui_no"),), "columns stand twice: ui_no"),
        ((paper("a", identifies=False),), "no paper identifies"),
    ],
)
def test_an_identity_that_contradicts_itself_is_refused(papers: tuple[Paper, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        identity(*papers)


def test_only_categories_with_an_identity_have_people() -> None:
    assert {"china-student", "exchange-student"} <= categories.identities().keys()
    assert "hk-macau-student" not in categories.identities()
    assert categories.get("hk-macau-student").identity is None
