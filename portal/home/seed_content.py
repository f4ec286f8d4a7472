"""What the landing page says on a fresh site; editors change it in the admin."""

from typing import Any

from .scopes import ENTRY, of_flow

TITLE = "學生線上申辦系統"
HOME = {
    "title": TITLE,
    "slug": "portal",
    "introduction": "來臺就學的學生，可自行在線上申辦入出境許可證：從送件、補正、繳費到下載電子許可證，都在這裡完成。",
    "search_description": "內政部移民署學生線上申辦系統：線上申辦入出境許可證、線上繳費、下載電子許可證及收據。",
}
STUDENT = {"title": "學生", "slug": "student"}
ENTRY_BUTTON = "進入學生申辦入口"
FEATURES = [
    ("feature", {"title": "自行線上送件", "text": "輸入許可證號碼，系統自動帶出申請書資料；應檢附文件可上傳相片或 PDF 檔。"}),
    ("feature", {"title": "隨時掌握進度", "text": "登入後在「待辦事項」即可看到案件目前的審查狀態，審核結果也會以 Email 通知。"}),
    (
        "feature",
        {"title": "繳費後立即下載", "text": "案件核准並完成線上繳費後，立即取得電子入出境許可證及電子收據，自行列印使用。"},
    ),
]
NOTICE: dict[str, Any] = {
    "level": "info",
    "scope": of_flow(ENTRY),
    "title": "第一次使用本系統，請先註冊帳號",
    "title_en": "First time here? Register an account",
    "title_zh_hans": "第一次使用本系统，请先注册账号",
    "text": "<p>完成學校報到及註冊等就讀手續後，即可註冊帳號；點擊認證信裡的網址，完成帳號開通。</p>",
    "text_en": "<p>You can register once you have completed enrolment procedures at your school, such as reporting and "
    "registration. Select the link in the verification e-mail to activate your account.</p>",
    "text_zh_hans": "<p>完成学校报到及注册等就读手续后，即可注册账号；点击认证信里的网址，完成账号开通。</p>",
}
