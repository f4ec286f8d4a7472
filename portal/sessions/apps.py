from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "portal.sessions"
    label = "portal_sessions"
    verbose_name = "登入狀態"
