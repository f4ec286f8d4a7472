"""Where editors' words stand in accounts."""

from portal.editorial import places, scopes
from portal.editorial.scopes import Flow

places.register(
    {
        "accounts.register": "註冊帳號：表單上方",
        "accounts.registered": "註冊成功：接下來怎麼做",
        "accounts.activate": "帳號開通：按鈕上方",
        "accounts.resend-activation": "重寄認證信：表單上方",
        "accounts.login": "登入：第一次使用",
        "accounts.forgot-password": "忘記密碼：表單上方",
        "accounts.password": "密碼修改：表單上方",
        "accounts.profile": "基本資料維護：表單上方",
    }
)
scopes.register(
    Flow("accounts", "註冊帳號、登入、忘記密碼", ("accounts",)),
    Flow("profile", "帳號維護：密碼修改、基本資料", ("accounts:password", "accounts:profile", "accounts:sessions")),
)
