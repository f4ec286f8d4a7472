"""Name x spelling: who writes a name otherwise than the records do is the same person."""

import pytest

from portal.fields import names
from portal.fields.names import characters, chinese, is_han, is_name_in_han, latin, simplified, traditional
from portal.fields.search_keys import keys_of

NAMES = {
    "王小明": ["王 小明", "\u3000王小明\u3000", "王\u200b小明", "\u202d王小明\u202c", "王小明，", "王⼩明"],
    "阿不都熱依木·買買提": [f"阿不都熱依木{mark}買買提" for mark in (*names.DOTS[1:], " ", "", " · ", "-", "－", "—", "　")]
    + ["阿不都热依木·买买提"],
    "劉曉雲": ["刘晓云", "劉曉云"],
    "李鎔": ["李镕"],
    "楊贇禕": ["杨赟祎"],
    "龔䶮": ["龔\ue863", "龚䶮", "龔龑"],
    "黃溫峰": ["黄温峯", "黄溫峯"],
    "吳彥戶": ["吴彦户", "呉彦戸"],
    "髙清": ["高淸"],
    "林晗珉煊珏郄〇": ["林晗珉煊珏郄 〇"],
    "𠮷𪚥": ["𠮷 𪚥"],
    "XI'AN": ["xi\u2019an", "XI\u2018AN", "ＸＩ＇ＡＮ", "XI`AN", "XI´AN", "Xi An", "XIAN"],
    "WANG, XIAO-MING": ["wang xiao ming", "WANG，XIAO–MING", "WANG,XIAOMING", "ＷＡＮＧ　ＸＩＡＯＭＩＮＧ"],
}


@pytest.mark.parametrize(("name", "spelling"), [(name, spelling) for name, written in NAMES.items() for spelling in written])
def test_a_name_in_every_spelling_is_compared_and_found(name: str, spelling: str) -> None:
    assert characters(spelling) == characters(name)
    assert keys_of((), [spelling]) & keys_of((), [name])


def test_control_the_text_itself_tells_them_apart() -> None:
    assert [(name, spelling) for name, written in NAMES.items() for spelling in written if spelling == name] == []


def test_other_people_are_others() -> None:
    assert len({characters(name) for name in [*NAMES, "王大明", "王小朋", "李明", "WANG, XIAOMIN"]}) == len(NAMES) + 4


@pytest.mark.parametrize("name", ["晗", "珉", "煊", "珏", "郄", "堃", "喆", "昇", "群", "峰", "䶮", "于", "后", "云", "𠮷"])
def test_what_the_traditional_script_has_is_not_simplified(name: str) -> None:
    assert simplified(name) == ""


def test_what_is_simplified_is_offered_in_the_traditional_script() -> None:
    assert simplified("王镕赟祎") == "镕赟祎"
    assert [traditional(name) for name in ("镕", "赟", "祎", "刘晓云", "陈丽")] == ["鎔", "贇", "禕", "劉曉云", "陳麗"]


def test_han_is_what_unicode_says_today_and_not_what_the_interpreter_knows() -> None:
    for character in "〇㐂䶮一龥\u9ffc\u9fff\ufa11𠮷\U0002a6df\U0002ebe0\U0002ebf0\U0003134a\U000323af\U00033479":
        assert is_han(character), f"U+{ord(character):04X}"
    assert not any(map(is_han, "Aあ가１·\ue863"))
    assert is_name_in_han("阿不都‧買買提〇")
    assert not is_name_in_han("")


def test_how_names_are_kept() -> None:
    assert chinese(" 阿不都 • 買買提，") == "阿不都·買買提"
    assert chinese("龔\ue863") == "龔䶮"
    assert latin("xi\u2019an，li–na") == "XI'AN, LI-NA"
    assert latin("ABDU·REHIM") == "ABDU REHIM"
