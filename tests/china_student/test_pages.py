"""陸生自行申請線上申辦系統說明頁, as a fresh site has it."""

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from portal.cases import kinds
from portal.cases.models import AddedSlot
from portal.cms.snippets import publish_new
from tests.worlds import seed_pages


@pytest.fixture
def text(client: Client, db: None) -> str:
    """The page's text."""
    seed_pages()
    response = client.get("/student/entry/china-student/")
    assert response.status_code == 200
    return response.content.decode()


FUNCTIONS = [
    "註冊帳號",
    "登入/登出",
    "陸生換發多次證申請",
    "退補案件處理",
    "陸生多次證延期申請",
    "陸生資料異動申請",
    "線上繳費",
    "電子許可證及收據下載",
    "案件進度查詢",
    "案件撤銷",
    "帳號維護",
]


def test_the_eleven_functions_are_explained_in_the_manuals_order(text: str) -> None:
    places = [text.index(f"<li><h3>{function}</h3>") for function in FUNCTIONS]
    assert places == sorted(places)
    services = text[text.index('<ol class="services">') :].split("</ol>")[0]
    assert services.count("<li>") == 11


def test_applying_leads_to_the_categorys_log_in(text: str, client: Client) -> None:
    assert text.count('<a class="button" href="/china-student/individual/login/">我要申請</a>') == 2
    assert client.get("/china-student/individual/login/").status_code == 200


def name(label: str) -> str:
    """Without what is said of it in brackets."""
    return re.split("（| \\(", label)[0].strip()


@pytest.mark.parametrize("language", ["zh-hant", "en", "zh-hans"])
def test_the_papers_to_hand_in_are_those_that_the_forms_ask_for(text: str, client: Client, language: str) -> None:
    path = "/student/entry/china-student/"
    shown = text if language == "zh-hant" else client.get(f"/{language}{path}").content.decode()
    cards = [card.split("</section>")[0] for card in shown.split('<section class="card"><h3>')[1:4]]
    with translation.override(language):
        for card, kind in zip(cards, kinds.of_category("china-student"), strict=True):
            assert card.startswith(f"{escape(kind.name)}</h3>")
            lines = re.findall(r"<li( class=\"check-optional\")?>([^<]+)", card)
            wanted = [(name(str(escape(slot.label))), slot.required and not slot.condition) for slot in kind.documents]
            assert [(name(label), not optional) for optional, label in lines] == wanted
            assert all(f'<span class="hint">{escape(slot.condition)}</span>' in card for slot in kind.documents if slot.condition)


def test_a_note_of_the_editors_stands_in_place_of_the_forms_own_words(text: str) -> None:
    assert '<li>原單次入出境許可證（含入境章）<span class="hint">入境章須清晰可見</span></li>' in text
    assert '<li>大陸居民往來台灣通行證正反面<span class="hint">文件須清晰，證件上不能加上任何字句或圖樣' in text


def test_what_editors_add_to_a_kind_is_on_the_page(text: str, client: Client) -> None:
    """At once: whatever they publish throws the kept pages away (tests/cms/test_page_cache.py)."""
    path = "/student/entry/china-student/"
    assert "監護人同意書" not in text
    publish_new(AddedSlot(label="監護人同意書", help="<b>正本", kinds=["china-student.extension"]))
    shown = client.get(path).content.decode()
    assert shown.count('<li>監護人同意書<span class="hint">&lt;b&gt;正本</span></li>') == 1
    assert '<span lang="zh-Hant-TW">監護人同意書</span>' in client.get(f"/en{path}").content.decode()


@pytest.mark.parametrize(("item", "fee"), [("多次證", "1,000 元"), ("多次證延期", "300 元"), ("資料錯誤或異動更正", "無須費用")])
def test_the_fees_are_the_laws(text: str, item: str, fee: str) -> None:
    row = text.split(f'<th scope="row">{item}</th>')[1].split("</tr>")[0]
    assert f'<td class="money">{fee}</td>' in row


@pytest.mark.parametrize(
    "fact",
    [
        "審核約 2 個工作日",
        "收到通知之翌日起 2 個月內補正",
        "仍在入境翌日起 2 個月之停留期間內",
        "須於停留期間屆滿前 3 個月內始得申請",
        "健康檢查合格證明",
        "檔案格式為 JPG、JPEG、PNG、BMP、HEIC、PDF",
        "身分證及護照上不能加上任何字句或圖樣，如：影印本/COPY 等",
        "必須使用非臺灣銀行發行之國際信用卡",
        "(02) 2796-7162",
        "週一至週五，08:30 - 19:00",
    ],
)
def test_deadlines_documents_and_contact_are_said(text: str, fact: str) -> None:
    assert fact in text


@pytest.mark.parametrize(
    ("start", "title", "more"),
    [
        ("", "休學、退學、畢業時", "更多說明"),
        ("/en", "When you take a leave of absence, withdraw or graduate", None),
        ("/zh-hans", "休学、退学、毕业时", None),
    ],
)
def test_what_to_do_by_when_on_leaving_stands_below(text: str, client: Client, start: str, title: str, more: str | None) -> None:
    above = f"{start}/student/entry/china-student/"
    page = client.get(above).content.decode()
    assert f'<li><a href="{above}leaving/">{title}</a></li>' in page
    assert more is None or f'<h2 id="more">{more}</h2>' in page
    leaving = client.get(f"{above}leaving/").content.decode()
    assert f"<h1>{title}</h1>" in leaving
    assert f'<li><a href="{above}">' in leaving


def test_the_pages_of_the_site_itself_have_no_way_back(text: str, client: Client) -> None:
    assert 'class="breadcrumbs"' not in client.get("/about/").content.decode()


def test_the_way_back_leads_to_the_entry_page(text: str) -> None:
    assert '<li><a href="/student/entry/">學生自行申請線上申辦系統</a></li>' in text
