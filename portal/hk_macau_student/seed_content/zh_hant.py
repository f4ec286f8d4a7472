"""正體中文, the source of the other two."""

from .shape import HkMacauStudentPageWords

WORDS = HkMacauStudentPageWords(
    title="港澳僑生自行申請線上申辦系統",
    slug="hk-macau-student",
    introduction="港澳僑生的線上申辦即將開放。開放前，請循現行管道辦理；開放的日期與可以申辦的項目，會在這一頁公告。",
    search_description="港澳僑生線上申辦即將開放：開放的日期與可以申辦的項目，會在這一頁公告。",
    card_text="線上申辦即將開放",
    faq={
        "現在可以先註冊帳號嗎？": "<p>還不行。註冊與線上申辦會同時開放。</p>",
        "可以用大陸學生的帳號登入嗎？": "<p>不行。每一種學生身分有自己的登入頁與帳號，帳號只能登入所屬的系統。</p>",
    },
)
