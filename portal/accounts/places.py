"""Where editors' words stand in accounts."""

from django.utils.translation import gettext_lazy as _

from portal.editorial import places, scopes
from portal.editorial.places import Place
from portal.editorial.scopes import Flow

places.register(
    {
        "accounts.register": Place("註冊帳號：表單上方", _("註冊帳號")),
        "accounts.registered": Place("註冊成功：接下來怎麼做", _("註冊成功，請至信箱收取認證信")),
        "accounts.activate": Place("帳號開通：按鈕上方", _("帳號開通")),
        "accounts.resend-activation": Place("重寄認證信：表單上方", _("重寄認證信")),
        "accounts.login": Place("登入：第一次使用", _("登入"), section=_("第一次使用本系統？")),
        "accounts.forgot-password": Place("忘記密碼：表單上方", _("忘記密碼")),
        "accounts.password": Place("密碼修改：表單上方", _("密碼修改")),
        "accounts.profile": Place("基本資料維護：表單上方", _("基本資料維護")),
    }
)
scopes.register(
    Flow("accounts", "註冊帳號、登入、忘記密碼", ("accounts",)),
    Flow("profile", "帳號維護：密碼修改、基本資料", ("accounts:password", "accounts:profile", "accounts:sessions")),
)
