from django.apps import AppConfig


class CaptchaConfig(AppConfig):
    name = "portal.captcha"
    label = "portal_captcha"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "驗證碼"

    def ready(self) -> None:
        from . import rows  # noqa: F401  # connects it
