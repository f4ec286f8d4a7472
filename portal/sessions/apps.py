from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "portal.sessions"
    label = "portal_sessions"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "登入狀態"
