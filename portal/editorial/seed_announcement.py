"""The first announcement of a fresh site; editors change it in the admin."""

from typing import Any, Final

from .scopes import of_flow

ANNOUNCEMENT: Final[dict[str, Any]] = {
    "level": "info",
    "scope": of_flow("entry"),
    "title": "第一次使用本系統，請先註冊帳號",
    "title_en": "First time here? Register an account",
    "title_zh_hans": "第一次使用本系统，请先注册账号",
    "text": "<p>完成學校報到及註冊等就讀手續後，即可註冊帳號；點擊認證信裡的網址，完成帳號開通。</p>",
    "text_en": "<p>You can register once you have completed enrolment procedures at your school, such as reporting and "
    "registration. Select the link in the verification e-mail to activate your account.</p>",
    "text_zh_hans": "<p>完成学校报到及注册等就读手续后，即可注册账号；点击认证邮件里的网址，完成账号开通。</p>",
}
