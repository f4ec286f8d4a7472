"""Words in three languages in one row; what is missing is shown in 正體中文 and marked."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from portal.core.wording import Wording, in_language, in_page_language, is_blank

ROW = SimpleNamespace(
    text="<p>原文</p>", text_en="<p>translated</p>", text_zh_hans="<p></p>", note="", note_en="", note_zh_hans=""
)


@pytest.mark.parametrize(
    ("field", "language", "shown"),
    [
        ("text", "zh-hant", Wording("<p>原文</p>", "zh-Hant-TW", is_fallback=False)),
        ("text", "en", Wording("<p>translated</p>", "en", is_fallback=False)),
        ("text", "zh-hans", Wording("<p>原文</p>", "zh-Hant-TW", is_fallback=True)),
        ("note", "zh-hant", Wording("", "zh-Hant-TW", is_fallback=False)),
        ("note", "en", Wording("", "zh-Hant-TW", is_fallback=False)),
    ],
)
def test_a_missing_translation_is_the_source_marked_as_such(field: str, language: str, shown: Wording) -> None:
    assert in_language(ROW, field, language) == shown


@pytest.mark.parametrize("text", ["", " ", "<p></p>", '<p data-block-key="x1">&nbsp; </p>'])
def test_an_emptied_rich_text_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not Wording(text, "en", is_fallback=False)


@pytest.mark.parametrize(
    "text",
    ["<p>文</p>", '<embed embedtype="image" id="1" alt="圖" format="left"/>', '<p><img src="/a.png" alt=""></p>'],
)
def test_a_rich_text_with_words_or_a_picture_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(("language", "drawn"), [("zh-hant", "<i>原文</i>"), ("zh-hans", '<i lang="zh-Hant-TW">原文</i>')])
def test_the_filter_takes_the_pages_language_and_says_which_another_one_is(language: str, drawn: str) -> None:
    template = Template(
        '{% load wording %}{% with text=row|words:"text" %}<i{{ text.lang }}>{{ text.text|striptags }}</i>{% endwith %}'
    )
    with translation.override(language):
        assert template.render(Context({"row": ROW})) == drawn


@pytest.mark.parametrize(
    ("language", "said", "drawn"),
    [
        ("zh-hant", {"zh-hant": "同意書"}, "同意書"),
        ("en", {"zh-hant": "同意書", "en": "Consent"}, "Consent"),
        ("en", {"zh-hant": "<b>同意書", "en": ""}, '<span lang="zh-Hant-TW">&lt;b&gt;同意書</span>'),
        ("zh-hans", {"zh-hant": "同意書", "en": "Consent"}, '<span lang="zh-Hant-TW">同意書</span>'),
    ],
)
def test_a_text_that_a_page_shows_in_another_language_is_marked(language: str, said: dict[str, str], drawn: str) -> None:
    template = Template("{% load wording %}{{ text|in_its_language }}")
    with translation.override(language):
        assert template.render(Context({"text": in_page_language(said)})) == drawn


@pytest.mark.parametrize(
    ("language", "typed", "drawn"),
    [
        ("zh-hant", "照片不清楚", "<p>照片不清楚</p>"),
        ("en", "照片不清楚", '<p lang="zh-Hant-TW">照片不清楚</p>'),
        ("zh-hans", "照片不清楚", '<p lang="zh-Hant-TW">照片不清楚</p>'),
        ("en", "The photo is blurred", "<p>The photo is blurred</p>"),
    ],
)
def test_what_staff_typed_in_chinese_is_marked_on_a_page_in_another_language(language: str, typed: str, drawn: str) -> None:
    template = Template("{% load wording %}<p{{ typed|lang_of }}>{{ typed }}</p>")
    with translation.override(language):
        assert template.render(Context({"typed": typed})) == drawn
