from django.apps import AppConfig


class ThrottlingConfig(AppConfig):
    name = "portal.throttling"
    label = "portal_throttling"
    verbose_name = "用量限制"
