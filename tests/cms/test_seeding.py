"""Words become the fields of a page."""

import pytest

from portal.cms.seeding import PageWords, blocks


def test_words_become_the_fields_that_every_page_has() -> None:
    words = PageWords(title="標題", slug="address", introduction="導言", search_description="說明")
    assert words.fields() == {"title": "標題", "slug": "address", "introduction": "導言", "search_description": "說明"}


def test_a_text_that_is_missing_is_an_error() -> None:
    with pytest.raises(TypeError, match="'search_description'"):
        PageWords(title="標題", slug="address", introduction="導言")  # type: ignore[call-arg]


def test_rows_become_blocks() -> None:
    assert blocks("step", {"註冊": "填表", "登入": "輸入"}) == [
        ("step", {"title": "註冊", "text": "填表"}),
        ("step", {"title": "登入", "text": "輸入"}),
    ]
    assert blocks("question", {"問": "答"}, names=("question", "answer")) == [("question", {"question": "問", "answer": "答"})]
