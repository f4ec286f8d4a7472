from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    verbose_name = "帳號"

    def ready(self) -> None:
        from . import captcha_rows, sessions_receivers  # noqa: F401  # connects them
        from .staff import receivers  # noqa: F401  # likewise
