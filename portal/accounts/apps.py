from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "portal_accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "帳號"

    def ready(self) -> None:
        from portal.captcha import rows as captcha_rows  # noqa: F401  # connects them

        from . import emails, receivers  # noqa: F401  # connect and register themselves
        from .account import profile  # noqa: F401  # renews its emails
